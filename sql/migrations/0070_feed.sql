-- 0070 - what the match engine is fed with: a log of what has changed, what the engine was last told
-- of each record, the bureau's terms, and how industries lie to disciplines.
set role jb_owner;

-- One row a change, written in the changing transaction. `xid` orders by transactions: `seq` is drawn
-- before the commit, so that reading on after the highest one seen would lose what commits late.
create table feed.change (
  seq  bigint generated always as identity,
  xid  xid8 not null default pg_current_xact_id(),
  kind text not null,
  id   uuid not null,
  at   timestamptz not null default clock_timestamp(),
  primary key (xid, seq)
);
create index change_at on feed.change (at);

-- How far a reader is. A reader holds the id: a snapshot can be longer than a reader keeps. `given`: all
-- that this snapshot sees has been told. While what has come since is told in pages: of what `upto` sees,
-- everything up to (xid, seq) too.
create table feed.position (
  id    bigint generated always as identity primary key,
  given pg_snapshot not null,
  upto  pg_snapshot,
  xid   xid8,
  seq   bigint,
  at    timestamptz not null default clock_timestamp()
);
create index position_at on feed.position (at);

-- What readers were last told: a new version whenever the document is another. `hash`: the record's
-- share of the kind's digest (services/match/index/digest.h).
create table feed.item (
  kind    text not null,
  id      uuid not null,
  version bigint not null,
  sum     uuid not null,                  -- md5 of the document
  hash    bigint not null,
  primary key (kind, id)
);
create sequence feed.version as bigint;

-- `database`: which database, in which cluster, on which timeline, the rows above speak of. After a
-- restore it is another, and everything is told anew. `swept`: the last change that was thrown away.
create table feed.state (
  one         boolean primary key default true check (one),
  database    text not null default '',
  swept       xid8 not null default '0',
  terms       bigint not null default 1,  -- version of the term list
  keywords_at timestamptz,                -- when feed.keyword was last counted
  credit_on   date                        -- records of credit that begin or end have been told to this day
);
insert into feed.state default values;

-- Keywords of the libraries that stand in two records or more.
create table feed.keyword (
  word text primary key,
  n    int not null
);

-- The bureau's own list. keep: one word; synonym: `term` also means `other`; stop: no word; bridge:
-- codes of fields that lie close to each other. What is not wanted any more is 'off', and stays.
create table lib.term (
  id         uuid primary key default gen_random_uuid(),
  rule       text not null check (rule in ('keep', 'synonym', 'stop', 'bridge')),
  term       text not null check (char_length(term) between 1 and 60),
  other      text check (char_length(other) between 1 and 60),
  weight     numeric(3, 2) not null default 1 check (weight between 0 and 1),
  note       text,
  state      text not null default 'on' check (state in ('on', 'off')),
  source     text not null default 'bureau',
  version    int not null default 1,
  by         uuid,
  at         timestamptz not null default now(),
  created_at timestamptz not null default now(),
  check ((rule in ('synonym', 'bridge')) = (other is not null))
);
create unique index term_once on lib.term (rule, lower(term), lower(coalesce(other, '')));
create index term_recent on lib.term (created_at desc, id);
create index term_term on lib.term using gin (term public.gin_trgm_ops);
create index term_other on lib.term using gin (other public.gin_trgm_ops);
create table lib.term_version (
  term    uuid not null references lib.term,
  version int not null,
  why     text not null,                  -- create, edit, state, import
  data    jsonb not null,
  by      uuid,
  at      timestamptz not null,
  primary key (term, version)
);
revoke update, delete on lib.term_version from jb_api;

-- Which disciplines the work of an industry asks for; codes are beginnings of codes.
create table ref.bridge (
  industry   text not null,
  discipline text not null,
  weight     numeric(3, 2) not null check (weight > 0 and weight <= 1),
  primary key (industry, discipline)
);

do $$
declare
  r record;
  v_sys constant text := '(select auth.context()) = ''system''';
  v_bureau constant text := ' or (select auth.is_bureau()) or (select auth.has(''auditor''))';
begin
  for r in select * from (values ('lib.term'), ('lib.term_version')) as t (tab) loop
    execute format('alter table %s enable row level security', r.tab);
    execute format('alter table %s force row level security', r.tab);
    execute format('create policy see on %s for select using (%s%s)', r.tab, v_sys, v_bureau);
    execute format('create policy add on %s for insert with check (%s%s)', r.tab, v_sys, v_bureau);
    execute format('create policy change on %s for update using (%s%s)', r.tab, v_sys, v_bureau);
  end loop;
end;
$$;

grant select, insert, update, delete on feed.change, feed.position, feed.item, feed.keyword to jb_api;
grant select, update on feed.state to jb_api;
grant usage, select, update on all sequences in schema feed to jb_api;
grant delete on ref.bridge to jb_api;

create index unit_name on party.unit (name);
-- Reading a kind through by id, and finding whom a record names.
create index record_feed on lib.record (kind, id) where state = 'active';
create index record_expert_name on lib.record (title) where kind = 'expert' and state = 'active';
create index record_unit_name on lib.record ((data ->> 'unit_name'), kind) where state = 'active';
create index record_claimant on lib.record ((data ->> 'claimant')) where kind = 'need' and state = 'active';
reset role;
