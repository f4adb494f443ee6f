-- Who may call the gateway's functions; each checks once more inside.
grant execute on function cc.gateway_secret(),
    cc.deliver(bytea, text, boolean, bytea, text, integer, text, text, integer, double precision, double precision, text, text,
               text, boolean, text, timestamptz, bytea[], uuid),
    cc.delivered(text[], integer[], timestamptz, timestamptz, boolean, text, integer, integer),
    cc.rate(text, boolean, text, text) to cc_intake;
grant execute on function cc.add_api_key(bytea, integer, text, integer), cc.api_key_list(), cc.revoke_api_key(integer) to cc_admin;
