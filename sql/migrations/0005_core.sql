-- 0005 - what the programme is about. Every table whose id is a workflow.item shares its id.
set role jb_owner;

create table core.programme (
  id         uuid primary key default gen_random_uuid(),
  preset     text not null references workflow.preset,
  code       text not null unique,
  name       text not null,
  year       int not null,
  doc_no     text,
  goal       text not null default '',
  industries text[] not null,             -- key industries, in the programme's own words
  targets    jsonb not null default '[]', -- [{"name","value","unit"}]
  rules      jsonb not null,              -- eligibility, quota, need, funding, criteria, panel, notice, claims
  state      text not null default 'draft' check (state in ('draft', 'active', 'closed')),
  sample     boolean not null default false,
  version    int not null default 1,
  created_by uuid,
  created_at timestamptz not null default now()
);

create table core.batch (
  id            uuid primary key references workflow.item,
  programme     uuid not null references core.programme,
  name          text not null,
  doc_no        text,                     -- of the solicitation notice
  body          text not null default '',
  solicit_from  timestamptz,
  solicit_until timestamptz,              -- exclusive; null: rolling
  rolling       boolean not null default false,
  check (rolling or solicit_until is null or solicit_from < solicit_until)
);
create index batch_programme on core.batch (programme);

-- content: the form of DOMAIN 4.1 with indicators [{"name","op","value","unit","test_method","must"}]
create table core.need (
  id           uuid primary key references workflow.item,
  batch        uuid not null references core.batch,
  unit         uuid not null references party.unit,
  kind         text not null default 'tech' check (kind in ('tech', 'achievement')),
  origin       text not null default 'enterprise' check (origin in ('enterprise', 'government')),
  title        text not null,
  industry     text,                      -- key industry of the programme
  field        text,                      -- technical field of the form
  division     text,
  budget_fen   bigint check (budget_fen >= 0),
  cash_fen     bigint check (cash_fen >= 0),   -- paid to the claimant
  keywords     text[] not null default '{}',
  content      jsonb not null,
  merged_into  uuid references core.need,
  sample       boolean not null default false
);
create index need_batch on core.need (batch);
create index need_unit on core.need (unit);
create index need_merged on core.need (merged_into) where merged_into is not null;

create table core.need_version (
  need    uuid not null references core.need,
  kind    text not null check (kind in ('submitted', 'argued', 'published')),
  n       int not null,
  content jsonb not null,
  hash    text not null,
  note    text,
  by      uuid,
  at      timestamptz not null,
  primary key (need, kind, n)
);
revoke update, delete on core.need_version from jb_api;

-- The letter with its summary table.
create table core.recommendation (
  id          uuid primary key default gen_random_uuid(),
  batch       uuid not null references core.batch,
  recommender uuid not null references party.recommender,
  letter_no   text not null,
  letter_date date not null,
  signer      text not null,
  summary     text not null,
  by          uuid not null,
  at          timestamptz not null,
  unique (recommender, letter_no)
);
create table core.recommended_need (
  recommendation uuid not null references core.recommendation,
  need           uuid not null references core.need,
  ordinal        int not null,
  opinion        text not null,
  primary key (recommendation, need)
);
create index recommended_need_need on core.recommended_need (need);

-- Argumentation of needs or review of claims by experts.
create table core.panel (
  id        uuid primary key references workflow.item,
  batch     uuid not null references core.batch,
  kind      text not null check (kind in ('need', 'claim')),
  name      text not null,
  criteria  jsonb not null,               -- [{"code","name","weight","anchors"}], weights add up to 100
  quorum    int not null check (quorum >= 3),
  drop_extremes boolean not null default false,
  pass_mark numeric(5, 2) not null default 60,
  held_on   date,
  place     text
);
create table core.panel_member (
  panel      uuid not null references core.panel,
  person     uuid not null references party.person,
  chair      boolean not null default false,
  state      text not null default 'invited' check (state in ('invited', 'accepted', 'declined')),
  reason     text,
  answered_at timestamptz,
  primary key (panel, person)
);
create index panel_member_person on core.panel_member (person);
create table core.panel_subject (
  panel   uuid not null references core.panel,
  subject uuid not null references workflow.item,
  ordinal int not null,
  primary key (panel, subject)
);
create index panel_subject_subject on core.panel_subject (subject);
create table core.recusal (
  panel   uuid not null,
  person  uuid not null,
  subject uuid not null,
  reason  text not null,
  source  text not null check (source in ('declared', 'system')),
  at      timestamptz not null,
  primary key (panel, person, subject),
  foreign key (panel, person) references core.panel_member,
  foreign key (panel, subject) references core.panel_subject
);
create table core.score (
  panel   uuid not null,
  subject uuid not null,
  person  uuid not null,
  scores  jsonb not null,                 -- {"code": points 0..100}
  total   numeric(6, 2) not null,
  comment text not null,
  version int not null default 1,
  at      timestamptz not null,
  primary key (panel, subject, person),
  foreign key (panel, subject) references core.panel_subject,
  foreign key (panel, person) references core.panel_member
);
create table core.opinion (
  panel      uuid not null,
  subject    uuid not null,
  average    numeric(6, 2) not null,
  counted    int not null,
  rank       int not null,
  conclusion text not null check (conclusion in ('shortlist', 'keep', 'advise', 'against')),
  text       text not null,
  by         uuid not null,
  at         timestamptz not null,
  primary key (panel, subject),
  foreign key (panel, subject) references core.panel_subject
);

-- 榜单: numbered, frozen, hashed, published; then never changed.
create table core.list (
  id           uuid primary key references workflow.item,
  batch        uuid not null references core.batch,
  number       text not null unique,
  title        text not null,
  doc_no       text,
  minutes_no   text,                      -- 会议纪要
  body         text not null default '',
  claim_until  timestamptz not null,
  content      jsonb,                     -- frozen: everything that is hashed
  hash         text,
  frozen_by    uuid,
  frozen_at    timestamptz,
  published_at timestamptz
);
create table core.list_item (
  id          uuid primary key references workflow.item,
  list        uuid not null references core.list,
  need        uuid not null unique references core.need,
  ordinal     int not null,
  number      text not null unique,       -- 榜单编号
  revision    int not null default 1,
  title       text not null,
  industry    text,
  field       text,
  division    text,
  poster      uuid not null references party.unit,
  masking     text not null default 'open' check (masking in ('open', 'masked', 'summary')),
  claim_until timestamptz not null,
  extensions  int not null default 0,
  sealed      boolean not null,
  max_winners int not null default 1 check (max_winners between 1 and 5),
  budget_fen  bigint,
  content     jsonb not null,             -- as published, before masking
  funding     jsonb,                      -- computed at the choice
  credit      jsonb                       -- snapshots of the credit gate, by step
);
create index list_item_list on core.list_item (list, ordinal);
create index list_item_facets on core.list_item (industry, field, division);
create table core.item_version (
  item     uuid not null references core.list_item,
  revision int not null,
  content  jsonb not null,
  hash     text not null,
  change   jsonb not null default '[]',   -- what differs from the revision before
  note     text,
  by       uuid,
  at       timestamptz not null,
  primary key (item, revision)
);
revoke update, delete on core.item_version from jb_api;

create table core.intent (
  id        uuid primary key default gen_random_uuid(),
  item      uuid not null references core.list_item,
  unit      uuid not null references party.unit,
  person    uuid not null,
  statement text not null,
  at        timestamptz not null,
  withdrawn_at timestamptz,
  unique (item, unit)
);
create table core.contact (
  id      uuid primary key default gen_random_uuid(),
  item    uuid not null references core.list_item,
  unit    uuid references party.unit,     -- the team's side
  kind    text not null check (kind in ('visit', 'meeting', 'call', 'online', 'event')),
  held_at timestamptz not null,
  place   text,
  people  text not null,
  summary text not null,
  by      uuid not null,
  at      timestamptz not null
);
create index contact_item on core.contact (item, held_at desc);

-- content: leader, team, achievements, plan, responses [{"indicator","commit","value","basis"}],
-- milestones, budget, ip, risk, commitments. While sealed it is ciphertext only; digest is of the
-- plain text.
create table core.claim (
  id           uuid primary key references workflow.item,
  item         uuid not null references core.list_item,
  unit         uuid not null references party.unit,
  leader       text not null,
  revision     int not null default 1,
  content      jsonb,
  sealed       bytea,
  digest       text not null,
  receipt_no   text unique,
  submitted_at timestamptz,
  opened_at    timestamptz,
  live         boolean not null default true,
  check (num_nonnulls(content, sealed) >= 1)
);
create unique index claim_one_live on core.claim (item, unit) where live;
create table core.claim_partner (
  claim     uuid not null references core.claim,
  unit      uuid not null references party.unit,
  duty      text not null,
  share_pct numeric(5, 2),
  state     text not null default 'invited' check (state in ('invited', 'signed', 'declined')),
  reason    text,
  digest    text,                         -- what was signed
  signed_by uuid,
  signed_at timestamptz,
  primary key (claim, unit)
);
grant delete on core.claim_partner to jb_api;
create index claim_partner_unit on core.claim_partner (unit);

-- Two people open the claims of an item (S23).
create table core.opening (
  item      uuid primary key references core.list_item,
  first_by  uuid not null,
  first_at  timestamptz not null,
  second_by uuid,
  opened_at timestamptz,
  check (first_by <> second_by)
);

-- The poster's ranked choice; each round (a new candidate list) is kept.
create table core.choice (
  id     uuid primary key default gen_random_uuid(),
  item   uuid not null references core.list_item,
  round  int not null,
  reason text not null,
  by     uuid not null,
  at     timestamptz not null,
  unique (item, round)
);
create table core.choice_rank (
  choice  uuid not null references core.choice,
  claim   uuid not null references core.claim,
  rank    int,                            -- null: not chosen
  reason  text not null,
  outcome text not null default 'waiting' check (outcome in ('current', 'waiting', 'won', 'refused', 'overturned', 'failed', 'turned_down')),
  outcome_reason text,
  primary key (choice, claim)
);
create unique index choice_rank_order on core.choice_rank (choice, rank) where rank is not null;

create table core.approval (
  id         uuid primary key default gen_random_uuid(),
  item       uuid not null references core.list_item,
  round      int not null,
  claims     uuid[] not null,             -- the candidates filed
  file_no    text not null,
  filed_by   uuid not null,
  filed_at   timestamptz not null,
  decision   text check (decision in ('approved', 'refused')),
  doc_no     text,
  doc_date   date,
  reason     text,
  decided_by uuid,
  decided_at timestamptz,
  unique (item, round),
  check (decision is null or (doc_no is not null and doc_date is not null)),
  check (decision is distinct from 'refused' or reason is not null),
  check (decided_by is null or decided_by <> filed_by)
);

create table core.notice (
  id          uuid primary key references workflow.item,
  kind        text not null check (kind in ('argument', 'award', 'result')),
  batch       uuid not null references core.batch,
  item        uuid references core.list_item,
  claims      uuid[] not null default '{}',
  title       text not null,
  doc_no      text not null,
  issuer      text not null,
  basis       text not null,
  body        jsonb not null,             -- steps passed, what is noticed
  how         jsonb not null,             -- how to object: address, phone, postcode, clauses
  rule        jsonb not null,             -- unit, length, include_publication_day, objection_timestamp, ...
  from_at     timestamptz,
  until_at    timestamptz                 -- exclusive
);
create index notice_item on core.notice (item);

create table core.objection (
  id           uuid primary key references workflow.item,
  notice       uuid not null references core.notice,
  receipt_no   text not null unique,
  name         text not null,
  is_unit      boolean not null,
  contact      jsonb not null,            -- never public
  text         text not null,
  evidence     text not null,
  channel      text not null check (channel in ('online', 'letter', 'visit', 'phone')),
  received_at  timestamptz not null,
  postmark     date,
  in_time      boolean not null,
  finding      text,
  correction   text,
  answer       text,
  answered_at  timestamptz
);
create index objection_notice on core.objection (notice);

-- content: indicators and duties frozen from the claim, milestones, money by source and tranche,
-- ip (explicit choice), confidentiality, acceptance, change, dispute
create table core.contract (
  id       uuid primary key references workflow.item,
  item     uuid not null references core.list_item,
  claim    uuid not null references core.claim,
  kind     text not null check (kind in ('task', 'agreement')),
  number   text not null unique,
  revision int not null default 1,
  content  jsonb not null,
  total_fen bigint not null check (total_fen >= 0),
  digest   text not null,
  live     boolean not null default true
);
create unique index contract_one_live on core.contract (claim, kind) where live;
create index contract_item on core.contract (item);
create table core.contract_party (
  contract  uuid not null references core.contract,
  role      text not null check (role in ('poster', 'claimant', 'partner', 'bureau')),
  unit      uuid not null references party.unit,
  signer    text,
  digest    text,
  signed_by uuid,
  signed_at timestamptz,
  primary key (contract, role, unit)
);
grant delete on core.contract_party to jb_api;

create table core.project (
  id         uuid primary key references workflow.item,
  contract   uuid not null unique references core.contract,
  item       uuid not null references core.list_item,
  claim      uuid not null references core.claim,
  number     text not null unique,
  start_on   date,
  end_on     date not null,
  meeting    text                          -- 启动会
);
create index project_item on core.project (item);

-- Numbers that run without gaps within a name: list, item, receipt, contract.
create table core.counter (
  name text primary key,
  n    bigint not null
);
reset role;
