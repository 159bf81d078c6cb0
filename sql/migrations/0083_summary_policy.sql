-- 0083 - the reckoned statistics are closed by row like everything else: a statement that has entered
-- no context sees and writes nothing.
set role jb_owner;
alter table core.summary enable row level security;
alter table core.summary force row level security;
create policy see on core.summary for select using ((select auth.context()) is not null);
create policy add on core.summary for insert with check ((select auth.context()) = 'system');
create policy change on core.summary for update using ((select auth.context()) = 'system');
reset role;
