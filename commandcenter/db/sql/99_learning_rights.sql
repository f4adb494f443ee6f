-- Who may call what learns and answers; each function checks once more inside.
grant execute on function cc.save_model(text, bytea, text, text, boolean, uuid), cc.use_model(bigint, boolean, uuid) to cc_admin;
grant execute on function cc.correct(bigint, integer) to cc_duty, cc_caller, cc_supervisor, cc_intake;
grant execute on function
    cc.answer_now(bigint, integer, text, boolean, text, text, uuid),
    cc.answer_now(integer, text, text, text, integer, smallint, integer, double precision, double precision, text, text, text, text,
                  text, boolean, text, boolean, text, text, uuid, timestamptz)
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_intake, cc_admin;
