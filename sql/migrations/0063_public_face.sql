-- 0063 - what everybody may read asks for no context. The most read statement of all was spent on
-- saying who reads (settings, a function of its own rights) more than on the row.
set role jb_owner;
-- Written out, not by auth.context(): whoever reads through api.public_item need not be allowed to
-- call it.
drop policy see on core.face;
create policy see on core.face for select using (public or nullif(current_setting('jb.context', true), '') is not null);
-- A ready document stays in its row, as it is: to unpack it cost as much as to find it.
alter table core.face set (toast_tuple_target = 8160);
reset role;

set role jb_api;
-- The one relation that a login may read. A barrier, so that no predicate of the asker's sees a row
-- before it is known to be public, whatever context the asker has set.
create view api.public_item with (security_barrier) as
  select f.item, f.doc, f.version from core.face f where f.public;
grant select on api.public_item to jb_gateway;
reset role;
