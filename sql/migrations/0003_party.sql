-- 0003 - units, people, memberships, relations, credit.
set role jb_owner;

create table party.unit (
  id           uuid primary key default gen_random_uuid(),
  code         text unique check (code ~ '^[0-9A-HJ-NP-RTUW-Y]{18}$'),  -- 统一社会信用代码, GB 32100; foreign units have none
  name         text not null check (char_length(name) between 2 and 100),
  kind         text not null check (kind in ('enterprise', 'university', 'institute', 'government', 'social', 'other')),
  division     text,                      -- GB/T 2260
  recommender  uuid,                      -- the county or zone that recommends its needs
  industry     text,                      -- GB/T 4754
  legal_rep    text,
  contact      jsonb not null default '{}',  -- person, phone, email, address, postcode, site
  intro        text,
  labels       text[] not null default '{}', -- 高新技术企业, 瞪羚 ...
  state        text not null default 'pending' check (state in ('pending', 'verified', 'rejected', 'suspended')),
  state_reason text,
  verified_by  uuid,
  verified_at  timestamptz,
  sample       boolean not null default false,
  source       text not null default 'self',
  source_date  date,
  version      int not null default 1,
  created_at   timestamptz not null default now()
);
create index unit_name_trgm on party.unit using gin (name public.gin_trgm_ops);
create index unit_recommender on party.unit (recommender, created_at desc);
create index unit_state on party.unit (state, created_at desc);

create table party.unit_alias (
  unit  uuid not null references party.unit,
  alias text not null,
  primary key (unit, alias)
);
create index unit_alias_alias on party.unit_alias (alias);

-- County departments, zones without a division code, bureaus, universities that may recommend.
create table party.recommender (
  id         uuid primary key default gen_random_uuid(),
  code_local text not null unique,
  name       text not null,
  kind       text not null check (kind in ('county', 'zone', 'bureau', 'university')),
  division   text,
  unit       uuid references party.unit   -- whose people act for it
);
alter table party.unit add foreign key (recommender) references party.recommender;

-- Ownership and subordination, from registers or declared; the base of the affiliation check.
create table party.unit_relation (
  unit     uuid not null references party.unit,
  parent   uuid not null references party.unit,
  kind     text not null check (kind in ('subordinate', 'holding', 'branch', 'related')),
  share    numeric(5, 2),
  source   text not null,
  since    date,
  until    date,
  primary key (unit, parent, kind),
  check (unit <> parent)
);
create index unit_relation_parent on party.unit_relation (parent);

create table party.person (
  id         uuid primary key default gen_random_uuid(),
  name       text not null check (char_length(name) between 1 and 40),
  phone      text,
  email      text,
  title      text,
  sample     boolean not null default false,
  created_at timestamptz not null default now()
);

-- A person acts for a unit in some roles:
-- member (drafts), signatory (submits, chooses, signs), county, officer, leader, city, expert,
-- broker, sysadmin, secadmin, auditor
create table party.membership (
  id         uuid primary key default gen_random_uuid(),
  person     uuid not null references party.person,
  unit       uuid not null references party.unit,
  roles      text[] not null default '{member}',
  state      text not null default 'active' check (state in ('asked', 'active', 'ended')),
  since      timestamptz not null default now(),
  until      timestamptz,
  version    int not null default 1,
  check (roles <@ array['member', 'signatory', 'county', 'officer', 'leader', 'city', 'expert', 'broker', 'sysadmin', 'secadmin', 'auditor'])
);
create unique index membership_one on party.membership (person, unit) where state <> 'ended';
create index membership_unit on party.membership (unit);

create table party.credit (
  id        uuid primary key default gen_random_uuid(),
  unit      uuid references party.unit,
  person    uuid references party.person,
  name      text not null,                -- as written in the decision
  level     text not null check (level in ('general', 'serious', 'blacklist')),
  decision  text not null,                -- document number
  starts    date not null,
  ends      date not null,
  source    text not null,
  note      text,
  revoked_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default now(),
  check (ends > starts),
  check (num_nonnulls(unit, person) <= 1)
);
create index credit_unit on party.credit (unit);
create index credit_person on party.credit (person);
reset role;
