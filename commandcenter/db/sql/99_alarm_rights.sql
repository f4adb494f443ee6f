-- Who may call the functions of 91_alarms.sql; which roles answer alarms is checked inside.

grant execute on function cc.acknowledge_alarm(text, uuid), cc.shelve_alarm(text, timestamptz, text, uuid)
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_wall, cc_intake, cc_admin;
