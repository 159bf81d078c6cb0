-- 0054 - who logged a contact reads it again: the technology broker has no side of its own.
set role jb_owner;
create policy see_own on core.contact for select using (by = (select auth.me()));
reset role;
