-- 0085 - a score sheet that is not finished, kept for the expert who writes it and for nobody else: it
-- counts for nothing until it is handed in.
set role jb_owner;
create table core.sheet_draft (
  panel   uuid not null,
  subject uuid not null,
  person  uuid not null,
  scores  jsonb not null,                 -- {"code": points 0..100}, as many as there are
  comment text,
  at      timestamptz not null,
  primary key (panel, subject, person),
  foreign key (panel, subject) references core.panel_subject,
  foreign key (panel, person) references core.panel_member
);
alter table core.sheet_draft enable row level security;
alter table core.sheet_draft force row level security;
create policy see on core.sheet_draft for select using ((select auth.context()) = 'person' and person = (select auth.me()));
create policy add on core.sheet_draft for insert with check ((select auth.context()) = 'person' and person = (select auth.me()));
create policy change on core.sheet_draft for update using ((select auth.context()) = 'person' and person = (select auth.me()));
create policy remove on core.sheet_draft for delete using ((select auth.context()) = 'person' and person = (select auth.me()));
grant delete on core.sheet_draft to jb_api;
reset role;
