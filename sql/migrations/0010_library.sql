-- 0010 - the libraries: experts, achievements, patents, earlier needs and funded projects, each with
-- where it comes from and since when; imports that can be taken back.
--
-- One table for the records of every kind: what a kind holds is rows of lib.field, which the forms'
-- meaning, the columns of CSV files and the public view are read from.
set role jb_owner;

create table lib.kind (
  kind     text primary key,
  title_zh text not null,
  title_en text not null,
  title_field text not null,              -- the field that names a record
  key_fields  text[] not null,            -- two records that agree in these are the same
  ordinal  int not null
);
-- type: text prose words code codes int year month date money uscc patent phone email
create table lib.field (
  kind      text not null references lib.kind,
  name      text not null,
  ordinal   int not null,
  type      text not null,
  header_zh text not null,                -- the column's name in a file; `name` and aliases are read too
  header_en text not null,
  aliases   text[] not null default '{}',
  list      text,                         -- of ref.code_list, for code and codes
  required  boolean not null default false,
  private   boolean not null default false,   -- never public: bureau and self only
  lowest    int,
  highest   int,                          -- of a number; longest text, most words
  primary key (kind, name)
);

create table lib.record (
  id           uuid primary key default gen_random_uuid(),
  kind         text not null references lib.kind,
  key          text not null,
  title        text not null,
  unit         uuid references party.unit,    -- that keeps it
  person       uuid references party.person,  -- the expert, when it has an account
  data         jsonb not null,                -- public fields only; money in fen
  state        text not null default 'active' check (state in ('pending', 'active', 'removed')),
  state_reason text,
  source       text not null,             -- who says so: 'self', 'import', a paper, a newspaper and its date
  source_date  date,
  refreshed_at timestamptz not null,
  sample       boolean not null default false,
  version      int not null default 1,
  created_by   uuid,
  created_at   timestamptz not null,
  unique (kind, key)
);
create index record_unit on lib.record (unit, kind, created_at desc, id);
create index record_person on lib.record (person) where person is not null;
create index record_state on lib.record (kind, state, created_at desc, id);

create table lib.private (
  record uuid primary key references lib.record on delete cascade,
  data   jsonb not null
);

-- What the public may search: a projection of active records, kept by lib.project(). No row of it
-- says anything that is not public, so its policy is open: a policy with a condition would keep the
-- text index out of use (its operators are not leakproof).
create table lib.search (
  record      uuid primary key references lib.record on delete cascade,
  kind        text not null,
  title       text not null,
  unit        uuid,
  division    text,
  fields      text[] not null default '{}',
  trl         int,
  title_level text,
  year        int,
  terms       tsvector not null,          -- character pairs of Chinese, words of the rest
  created_at  timestamptz not null
);
create index search_recent on lib.search (kind, created_at desc, record);
create index search_terms on lib.search using gin (terms);
create index search_unit on lib.search (unit, kind, created_at desc, record) where unit is not null;
create index search_division on lib.search (kind, division, created_at desc, record);
create index search_trl on lib.search (kind, trl, created_at desc, record) where trl is not null;
create index search_level on lib.search (kind, title_level, created_at desc, record) where title_level is not null;
create index search_fields on lib.search using gin (fields);

-- Every version of every record. No foreign key: the past of a record whose import was taken back stays.
create table lib.version (
  seq     bigint generated always as identity primary key,
  record  uuid not null,
  unit    uuid,
  version int not null,
  why     text not null,                  -- create, edit, state, import, undo
  data    jsonb not null,
  private jsonb not null default '{}',
  state   text not null,
  reason  text,
  import  uuid,
  by      uuid,
  at      timestamptz not null
);
create index version_record on lib.version (record, seq desc);
revoke update, delete on lib.version from jb_api;

create table lib.import (
  id         uuid primary key default gen_random_uuid(),
  kind       text not null references lib.kind,
  state      text not null default 'checked' check (state in ('checked', 'applied', 'undone')),
  digest     text not null,               -- SHA-256 of the file's text
  header     text[] not null,             -- as in the file
  columns    text[] not null,             -- the fields they were read as
  rows       int not null,
  by         uuid,
  at         timestamptz not null,
  applied_by uuid,
  applied_at timestamptz,
  undone_by  uuid,
  undone_at  timestamptz,
  version    int not null default 1
);
create index import_recent on lib.import (at desc, id);
create table lib.import_row (
  import  uuid not null references lib.import,
  n       int not null,                   -- line of the file's table, the header being 1
  doc     jsonb,                          -- as read; null when nothing could be
  errors  jsonb not null default '[]',    -- [{"column","field","code",...}]
  action  text not null check (action in ('insert', 'update', 'same', 'repeat', 'bad')),
  target  uuid,                           -- record or unit
  target_version int,                     -- that the check saw; after applying, that it left
  before  jsonb,                          -- what stood there, to be put back by undo
  primary key (import, n)
);
create index import_row_target on lib.import_row (target) where target is not null;

grant delete on lib.record, lib.private, lib.search, party.unit to jb_api;
grant delete on ref.code to jb_api;

do $$
declare
  r record;
  v_sys constant text := '(select auth.context()) = ''system''';
  v_in  constant text := '(select auth.context()) in (''person'', ''system'')';
  v_bureau constant text := ' or (select auth.is_bureau())';
begin
  for r in select * from (values
    ('lib.record', v_sys || v_bureau || ' or ((select auth.context()) is not null and state = ''active'')'
                   || ' or unit = (select auth.my_unit()) or person = (select auth.me()) or (select auth.has(''auditor''))'),
    ('lib.private', v_sys || v_bureau || ' or exists (select from lib.record r where r.id = record'
                   || ' and (r.unit = (select auth.my_unit()) or r.person = (select auth.me())))'),
    ('lib.search', 'true'),
    ('lib.version', v_sys || v_bureau || ' or (select auth.has(''auditor'')) or unit = (select auth.my_unit())'),
    ('lib.import', v_sys || v_bureau || ' or (select auth.has(''auditor''))'),
    ('lib.import_row', v_sys || v_bureau || ' or (select auth.has(''auditor''))')) as t (tab, see)
  loop
    execute format('alter table %s enable row level security', r.tab);
    execute format('alter table %s force row level security', r.tab);
    execute format('create policy see on %s for select using (%s)', r.tab, r.see);
    execute format('create policy add on %s for insert with check (%s)', r.tab, v_in);
    execute format('create policy change on %s for update using (%s) with check (%s)', r.tab,
                   case r.tab when 'lib.search' then v_in else r.see end, v_in);
    execute format('create policy remove on %s for delete using (%s)', r.tab,
                   case r.tab when 'lib.search' then v_in else r.see end);
  end loop;
end;
$$;
reset role;
