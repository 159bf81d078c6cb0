-- 0042 - the most read document is kept ready: one row by key, no join, no policy but its own. Read
-- through workflow.item it cost three times the statement, most of it for setting up the row policy.
set role jb_owner;
-- An effect that follows every move of a machine's items, whatever the edge.
alter table workflow.machine add column after text;
alter table core.face add column doc json, add column version int, add column public boolean not null default false;
reset role;
