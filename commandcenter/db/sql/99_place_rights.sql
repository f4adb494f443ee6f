-- As of every verb (95): which role may in which state is said by cc.transitions and checked inside.

grant execute on function cc.place(bigint, integer, integer, double precision, double precision, text, uuid),
    cc.unplace(bigint, integer, uuid)
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_intake, cc_admin;
