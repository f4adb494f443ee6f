-- The responsibility list is changed through 47_duty_list.sql alone: plain SQL could rewrite what a whistle went by.

revoke insert, update, delete on cc.duty_list from cc_admin;
drop policy if exists edit on cc.duty_list;
grant execute on function
    cc.save_duty_item(integer, text, text, text, text, integer, integer, integer[], text, date, date),
    cc.take_candidate(integer, text, text, text, integer), cc.dismiss_candidate(integer)
    to cc_admin;
