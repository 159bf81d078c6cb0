-- 0009 - from the published challenge to the started project: what the first tables left out.
set role jb_owner;

-- The public face of a challenge, masked and built once a revision, so that reading it is one look-up.
-- Nothing in it is for fewer eyes than everybody's, so its policy asks for nothing but a context.
create table core.face (
  item     uuid primary key references core.list_item,
  number   text not null,
  list     uuid not null,
  industry text,
  field    text,
  division text,
  named    boolean not null,              -- the poster's name is public
  face     json not null
);
alter table core.face enable row level security;
alter table core.face force row level security;
create policy see on core.face for select using ((select auth.context()) is not null);
create policy add on core.face for insert with check ((select auth.context()) is not null);
create policy change on core.face for update using ((select auth.context()) is not null);

alter table core.notice add column published_at timestamptz;
alter table core.notice add column paused_at timestamptz;
-- whom an upheld objection strikes out; empty until it is answered
alter table core.objection add column claims uuid[] not null default '{}';
alter table core.objection add column recorded_by uuid;
-- snapshot of the credit gate at submission; not with the challenge, whose row is public
alter table core.claim add column credit jsonb;
-- An act that somebody may do at any time (withdraw, extend ...) does not wait on anybody's desk.
alter table workflow.event add column optional boolean not null default false;

-- a re-issued challenge is opened anew
grant delete on core.opening to jb_api;

create index claim_item on core.claim (item);
create index item_due on workflow.item (machine, state, due);
create index claim_unit on core.claim (unit, leader) where live;
create index intent_unit on core.intent (unit);
create index choice_rank_claim on core.choice_rank (claim);

-- The poster's application after both sides have signed (preset liaoning): one a round.
create table core.application (
  item      uuid not null references core.list_item,
  round     int not null,
  total_fen bigint not null check (total_fen > 0),
  asked_fen bigint not null check (asked_fen >= 0 and asked_fen <= total_fen),
  statement text not null,
  by        uuid not null,
  at        timestamptz not null,
  primary key (item, round)
);
-- Who was shown what is not public, and on what undertaking (DOMAIN 9).
create table core.disclosure (
  item      uuid not null references core.list_item,
  unit      uuid not null references party.unit,
  person    uuid not null references party.person,
  statement text not null,
  at        timestamptz not null,
  primary key (item, unit, person)
);

do $$
declare
  v_table text;
begin
  foreach v_table in array array['core.application', 'core.disclosure'] loop
    execute format('alter table %s enable row level security', v_table);
    execute format('alter table %s force row level security', v_table);
    execute format('create policy add on %s for insert with check ((select auth.context()) is not null)', v_table);
  end loop;
end;
$$;
create policy see on core.application for select using (
  (select auth.context()) = 'system' or (select auth.is_bureau()) or (select auth.has('city')) or (select auth.has('auditor'))
  or exists (select from workflow.item i where i.id = item and i.owner = (select auth.my_unit())));
create policy see on core.disclosure for select using (
  (select auth.context()) = 'system' or (select auth.is_bureau()) or (select auth.has('auditor'))
  or unit = (select auth.my_unit())
  or exists (select from workflow.item i where i.id = item and i.owner = (select auth.my_unit())));
reset role;
