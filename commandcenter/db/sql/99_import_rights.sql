-- Who may call the functions of imports; each checks once more inside.
grant execute on function cc.begin_import(text, bytea, bigint, bytea, integer, text, text),
    cc.import_batch(bigint, integer, integer, integer, integer, integer, integer), cc.end_import(bigint, boolean, integer, integer), cc.hold_folder(text),
    cc.known_marks(bytea[]), cc.renew(bigint, jsonb, boolean) to cc_duty, cc_supervisor, cc_intake, cc_admin;
