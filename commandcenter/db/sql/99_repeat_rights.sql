-- Who may look for repeats: whoever may see reports. That the asker sees only what is theirs is checked inside; and who keeps
-- the time compares the cases that came.

grant execute on function
    cc.repeat_candidates(integer[], integer[], double precision[], text, bigint, double precision, double precision, integer, bigint,
                         timestamptz, integer, timestamptz, boolean),
    cc.repeat_speakers(bigint[], integer, integer)
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_admin;
grant execute on function cc.repeats_next(integer), cc.repeats_done(bigint, boolean), cc.note_opposites(bigint, bigint) to cc_duty, cc_supervisor;
grant execute on function cc.repeats_left()
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_wall, cc_intake, cc_admin;
