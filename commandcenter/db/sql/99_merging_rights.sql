-- Who may call what merges. That it is the centre's hand, a duty officer's or a supervisor's, is checked inside as well.

grant execute on function cc.case_now(bigint), cc.case_family(bigint)
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_admin;
grant execute on function
    cc.merge(bigint, integer, bigint, integer, text, double precision, jsonb, text, uuid),
    cc.register_into(integer, text, text, text, integer, smallint, integer, double precision, double precision, text, text, text,
                     text, text, boolean, timestamptz, bigint, double precision, jsonb, text, uuid),
    cc.undo_merge(bigint, text, uuid), cc.split(bigint, integer, bigint, text, uuid),
    cc.relate(bigint, bigint, text, text, uuid), cc.unrelate(bigint, uuid),
    cc.open_theme(text, bigint[], uuid), cc.add_to_theme(bigint, bigint[], uuid), cc.remove_from_theme(bigint, bigint, uuid),
    cc.rename_theme(bigint, text, uuid), cc.close_theme(bigint, uuid),
    cc.save_hints(bigint, jsonb), cc.dismiss_hint(bigint, bigint, text, uuid), cc.reopen_hint(bigint, bigint, uuid)
    to cc_duty, cc_supervisor;
grant execute on function cc.merged_share(timestamptz, timestamptz)
    to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_wall, cc_admin;
