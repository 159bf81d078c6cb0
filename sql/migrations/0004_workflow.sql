-- 0004 - the procedure as rows, and what has happened.
set role jb_owner;

create table workflow.preset (
  name     text primary key,
  parent   text references workflow.preset,  -- machines without rows of their own are the parent's
  title_zh text not null,
  title_en text not null,
  note     text not null
);
create table workflow.machine (
  name     text primary key,
  initial  text not null,
  title_zh text not null,
  title_en text not null
);
create table workflow.state (
  machine  text not null references workflow.machine,
  state    text not null,
  label_zh text not null,
  label_en text not null,
  ordinal  int not null,
  final    boolean not null default false,
  public   boolean not null default false,
  primary key (machine, state)
);
-- `route`: where the event is posted, with {id}; null: only the system or another machine fires it.
-- `fields`: what it asks for, for the forms: [{"name","kind","required","max"}]
create table workflow.event (
  machine  text not null references workflow.machine,
  event    text not null,
  label_zh text not null,
  label_en text not null,
  route    text,
  fields   jsonb not null default '[]',
  weighty  boolean not null default false,
  primary key (machine, event)
);
-- A guard is a function guard.<name>(p_item uuid, p_data jsonb) returns jsonb: null when it holds,
-- else {"slug","status",...params}. `excludes` names its exact opposite: two edges may leave one
-- state by one event for one role only when their guards exclude each other.
create table workflow.guard (
  name     text primary key,
  note     text not null,
  excludes text
);
-- Role on the item: poster, claimant, partner, member (of a panel), county; or of the session:
-- officer, leader, city, expert, broker; or system. `guards`: all must hold. `effects`:
-- functions effect.<name>(p_item uuid, p_data jsonb), run in order after the move.
create table workflow.transition (
  preset     text not null references workflow.preset,
  machine    text not null,
  from_state text not null,
  event      text not null,
  to_state   text not null,
  role       text not null,
  guards     text[] not null default '{}',
  effects    text[] not null default '{}',
  ordinal    int not null default 0,
  primary key (preset, machine, from_state, event, role, to_state),
  foreign key (machine, from_state) references workflow.state,
  foreign key (machine, to_state) references workflow.state,
  foreign key (machine, event) references workflow.event
);

-- Everything that has a state, and all that lists and permissions need of it. What it is about
-- stands in core, under the same id; whoever may see this row may see that one.
create table workflow.item (
  id          uuid primary key default gen_random_uuid(),
  preset      text not null references workflow.preset,
  machine     text not null,
  state       text not null,
  version     int not null default 1,
  title       text not null,
  batch       uuid,
  parent      uuid,                       -- claim, notice, contract: the list item; objection: the notice
  owner       uuid references party.unit, -- poster's or claimant's unit
  recommender uuid references party.recommender,
  public      boolean not null default false,
  due         timestamptz,                -- the next deadline that somebody must keep
  since       timestamptz not null,       -- in this state
  created_by  uuid,
  created_at  timestamptz not null,
  foreign key (machine, state) references workflow.state
);
create index item_state on workflow.item (machine, state, created_at desc, id);
create index item_batch on workflow.item (batch, machine, created_at desc, id);
create index item_owner on workflow.item (owner, machine, created_at desc, id);
create index item_recommender on workflow.item (recommender, machine, created_at desc, id);
create index item_parent on workflow.item (parent, machine, created_at desc, id);
create index item_public on workflow.item (machine, created_at desc, id) where public;
create index item_title_trgm on workflow.item using gin (title public.gin_trgm_ops);

-- Further units and persons with a part in an item: ('poster', unit), ('claimant', unit),
-- ('partner', unit), ('member', person: on its panel)
create table workflow.party (
  item   uuid not null references workflow.item,
  role   text not null,
  unit   uuid references party.unit,
  person uuid references party.person,
  check (num_nonnulls(unit, person) = 1)
);
create unique index party_once on workflow.party (item, role, coalesce(unit, person));
create index party_unit on workflow.party (unit, item) where unit is not null;
create index party_person on workflow.party (person, item) where person is not null;
grant delete on workflow.party to jb_api;

-- Append only: jb_api may insert and read, nobody may change.
create table workflow.history (
  seq        bigint generated always as identity primary key,
  item       uuid not null references workflow.item,
  machine    text not null,
  version    int not null,
  event      text not null,
  from_state text,
  to_state   text not null,
  actor      uuid,
  unit       uuid,
  role       text not null,
  reason     text,
  data       jsonb not null default '{}',
  at         timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  rid        text,
  ip         text,
  unique (item, version)
);
revoke update, delete on workflow.history from jb_api;

create table workflow.outbox (
  id           bigint generated always as identity primary key,
  kind         text not null,
  item         uuid,
  payload      jsonb not null,
  created_at   timestamptz not null default now(),
  available_at timestamptz not null default now(),
  attempts     int not null default 0,
  done_at      timestamptz,
  error        text
);
create index outbox_waiting on workflow.outbox (available_at, id) where done_at is null;

-- A deadline: at `due` the worker fires `event` as the system. One open timer an item and event.
create table workflow.timer (
  id       bigint generated always as identity primary key,
  item     uuid not null references workflow.item,
  event    text not null,
  due      timestamptz not null,
  done_at  timestamptz,
  result   text
);
create unique index timer_open on workflow.timer (item, event) where done_at is null;
create index timer_due on workflow.timer (due) where done_at is null;

-- The answer to a POST under its Idempotency-Key, per actor (nil for anonymous ones).
create table workflow.idempotency (
  actor    uuid not null,
  key      uuid not null,
  fp       text not null,
  status   int,
  body     json,
  version  int,
  location text,
  at       timestamptz not null default now(),
  primary key (actor, key)
);
create index idempotency_at on workflow.idempotency (at);
grant delete on workflow.idempotency, workflow.timer to jb_api;

-- What a person finds in the page: written by the worker from the outbox.
create table workflow.inbox (
  id      bigint generated always as identity primary key,
  person  uuid not null references party.person,
  outbox  bigint not null,
  kind    text not null,
  item    uuid,
  params  jsonb not null default '{}',
  at      timestamptz not null,
  read_at timestamptz,
  unique (person, outbox)
);
create index inbox_person on workflow.inbox (person, id desc);
reset role;
