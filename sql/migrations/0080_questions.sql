-- 0080 - questions on a challenge and their answers; the statistics last reckoned.
set role jb_owner;

-- What a team asks before it claims. Who asked is the bureau's to know: the poster answers the
-- question, not a rival; with its answer the question is everybody's.
create table core.question (
  id          uuid primary key default gen_random_uuid(),
  item        uuid not null references core.list_item,
  no          int not null,
  unit        uuid not null references party.unit,
  person      uuid not null,
  text        text not null,
  at          timestamptz not null,
  answer      text,
  answered_as text check (answered_as in ('poster', 'bureau')),
  answered_by uuid,
  answered_at timestamptz,
  unique (item, no),
  check ((answer is null) = (answered_at is null))
);
create index question_unit on core.question (unit, at desc);
alter table core.question enable row level security;
alter table core.question force row level security;
create policy see on core.question for select using (
  (select auth.context()) = 'system' or (select auth.is_bureau()) or (select auth.has('auditor'))
  or unit = (select auth.my_unit()) or workflow.owns(item)
  or (answer is not null and workflow.sees(item)));
create policy add on core.question for insert with check ((select auth.context()) is not null);
create policy change on core.question for update using ((select auth.context()) is not null);

-- Numbers over the whole record are reckoned at most every few minutes, whoever asks.
create table core.summary (
  name text primary key,
  at   timestamptz not null,
  doc  jsonb not null
);
reset role;
