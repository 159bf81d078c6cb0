-- 0071 - what the match engine has proposed to whom, so that what became of it can be counted.
set role jb_owner;

-- Once per subject, candidate, version of the engine and day; the first who was shown it stands there.
create table core.suggestion (
  seq          bigint generated always as identity primary key,
  subject      uuid not null,             -- what was asked about
  subject_kind text not null,             -- need, item, expert, unit, achievement, patent
  kind         text not null,             -- what was proposed: expert, unit, achievement, patent, item
  candidate    uuid not null,
  item         uuid,                      -- the need or challenge of the two,
  unit         uuid,                      -- and the unit of the other: who would solve it
  rank         int not null,              -- 1 is first
  score        real not null,
  strength     text not null,
  engine       text not null,             -- its version
  person       uuid,                      -- who was shown it, acting for
  viewer       uuid,                      -- this unit
  at           timestamptz not null,
  day          date not null,
  unique (subject, candidate, engine, day)
);
create index suggestion_at on core.suggestion (at);
create index suggestion_item on core.suggestion (item, unit);
alter table core.suggestion enable row level security;
alter table core.suggestion force row level security;
create policy see on core.suggestion for select using (
  (select auth.context()) = 'system' or (select auth.is_bureau()) or (select auth.has('auditor')));
create policy add on core.suggestion for insert with check ((select auth.context()) in ('person', 'system'));
revoke update, delete on core.suggestion from jb_api;

-- Experts of a unit that is known by its name alone: a conflict of interest is looked for there too.
create index record_expert_unit on lib.record ((data ->> 'unit_name')) where kind = 'expert';
-- Outcomes of a period.
create index claim_submitted on core.claim (submitted_at) where submitted_at is not null;
create index contact_held on core.contact (held_at);
reset role;
