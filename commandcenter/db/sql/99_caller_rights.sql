-- Those who register; the function itself looks at the role again.
grant execute on function cc.caller(text) to cc_duty, cc_supervisor, cc_caller;
