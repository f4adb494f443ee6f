-- Who may call the functions of follow-up; which role may do what with them is checked inside. Drawing second calls is the
-- timekeeper's alone (92_timekeeper.sql).
grant execute on function
    cc.follow_up_then(bigint, integer, bigint, boolean, boolean, boolean, text, text, text, text, uuid),
    cc.second_call(bigint, boolean, boolean, text, text, uuid),
    cc.apply_appeal(text, bigint, bigint, integer, text, uuid), cc.review_appeal(bigint, boolean, text, uuid)
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_intake, cc_admin;
grant execute on function cc.other_reports(bigint[], integer) to cc_followup, cc_supervisor;
