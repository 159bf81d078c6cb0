-- 0064 - a lost second factor is taken off by two people: who resets the password asks, a security
-- administrator confirms. One open question an account; what was decided is in auth.event.
set role jb_owner;
create table auth.factor_reset (
  account  uuid primary key references auth.account,
  asked_by uuid not null references party.person check (asked_by <> account),
  asked_at timestamptz not null default now()
);
alter table auth.factor_reset enable row level security;
alter table auth.factor_reset force row level security;
create policy see on auth.factor_reset for select using ((select auth.context()) = 'system' or (select auth.is_admin()));
create policy add on auth.factor_reset for insert with check ((select auth.context()) in ('person', 'system'));
create policy change on auth.factor_reset for update using ((select auth.context()) = 'system' or (select auth.is_admin()));
create policy remove on auth.factor_reset for delete using ((select auth.context()) = 'system' or (select auth.is_admin()));
grant delete on auth.factor_reset to jb_api;
-- whose account an expert's record was linked to, version by version
alter table lib.version add column person uuid;
reset role;
