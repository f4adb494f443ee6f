-- Who may call the verbs of whistles. Which role may use which in which state is said by cc.steps, whose unit it must be by
-- the functions. cc.watch_whistles is the timekeeper's and granted to nobody.

grant execute on function
    cc.blow(bigint, integer, integer, text, text, integer, boolean, text, timestamptz, text, timestamptz, uuid),
    cc.amend_whistle(bigint, integer, integer, text, text, integer, uuid), cc.approve_whistle(bigint, integer, uuid),
    cc.decline_whistle(bigint, integer, text, uuid), cc.withdraw_whistle(bigint, integer, text, uuid),
    cc.rule_whistle(bigint, integer, integer, integer[], text, uuid), cc.escalate_whistle(bigint, integer, text, uuid),
    cc.meet_whistle(bigint, integer, timestamptz, text, uuid), cc.plan_whistle(bigint, integer, timestamptz, uuid),
    cc.answer_whistle(bigint, integer, uuid), cc.object_to_whistle(bigint, integer, text, uuid),
    cc.rule_objection(bigint, integer, boolean, text, integer, uuid),
    cc.check_in(bigint, integer, text, text, double precision, double precision, text, text, bytea, uuid),
    cc.progress(bigint, integer, text, uuid), cc.stand_down(bigint, integer, text, boolean, uuid),
    cc.confirm_party(bigint, integer, uuid), cc.send_back_party(bigint, integer, text, uuid),
    cc.score_party(bigint, integer, integer, integer, boolean, boolean, boolean, text, uuid),
    cc.answer_score(bigint, integer, text, uuid)
    to cc_duty, cc_caller, cc_responder, cc_supervisor;
grant execute on function cc.set_person_post(text, text) to cc_admin;
