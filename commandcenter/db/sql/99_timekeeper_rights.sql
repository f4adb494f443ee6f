-- Who may keep the time: the desks of the centre; they must hold the lock as well (92_timekeeper.sql). The functions that do
-- the deeds are granted to nobody.
grant execute on function cc.try_keeping(), cc.begin_keeping(text), cc.beat(), cc.keep(text) to cc_duty, cc_supervisor;
grant execute on function cc.audit() to cc_admin;
