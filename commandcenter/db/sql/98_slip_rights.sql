-- Which role may call which verb on slips; in which state is said by cc.steps and checked inside. What the timekeeper does
-- (cc.draft_slips, cc.watch_slips) is granted to nobody: it goes through cc.keep (92_timekeeper.sql).
grant execute on function
    cc.draft_slip(integer, integer, text, text, text, bigint[], text, uuid),
    cc.edit_slip(bigint, integer, text, text, text, text, text[], text, text, timestamptz, uuid),
    cc.sign_slip(bigint, integer, uuid), cc.dismiss_slip(bigint, integer, text, uuid),
    cc.judge_slip(bigint, integer, boolean, text, uuid), cc.void_slip(bigint, integer, text, uuid),
    cc.copy_slip(bigint, integer, text, uuid)
    to cc_supervisor;
grant execute on function
    cc.receive_slip(bigint, integer, uuid),
    cc.reply_slip(bigint, integer, text, text, text[], text[], bytea[], uuid)
    to cc_responder, cc_caller;
