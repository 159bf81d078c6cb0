-- 0007 - accounts, sessions, tokens, second factors, role grants, the record of what happened to
-- them; and row level security for these and for the tables of people and units.
--
-- The clock and the settings belong to the migrating user: no default privilege covers them.
grant select, update on meta.clock to jb_api;
grant select, insert, update on meta.setting to jb_api;
-- Row policies keep functions that are not leakproof away from rows not yet seen to be allowed, and
-- with them every trigram index. LIKE tells nothing about a row but its result, so where the
-- migrating user may, it is said so; elsewhere searches are right and slower.
do $$
begin
  alter function pg_catalog.texticlike(text, text) leakproof;
  alter function pg_catalog.textlike(text, text) leakproof;
exception when insufficient_privilege then
  raise notice 'LIKE stays as it is: trigram indexes do not help searches';
end;
$$;
set role jb_owner;

-- An account is a person's way in; its id is the person's. No hash: the password has to be set first.
create table auth.account (
  id              uuid primary key references party.person,
  login           text not null check (login ~ '^[A-Za-z0-9][A-Za-z0-9._@-]{2,59}$'),
  hash            text,                   -- argon2id, made and checked by the gateway
  changed_at      timestamptz not null default now(),  -- the password
  state           text not null default 'active' check (state in ('active', 'disabled')),
  state_reason    text,
  last_membership uuid references party.membership,
  consent_version text,                   -- of the privacy notice that was agreed to
  consent_at      timestamptz,
  created_by      uuid,
  created_at      timestamptz not null default now(),
  version         int not null default 1
);
create unique index account_login on auth.account (lower(login));
create index account_created on auth.account (created_at desc, id);

create table auth.session (
  hash       bytea primary key check (octet_length(hash) = 32),   -- SHA-256 of what the browser holds
  id         uuid not null unique default gen_random_uuid(),      -- its public name
  account    uuid not null references auth.account,
  membership uuid references party.membership,
  created_at timestamptz not null default now(),
  seen_at    timestamptz not null default now(),
  ends_at    timestamptz not null,
  reauth_at  timestamptz not null default now(),
  ip         text,
  agent      text
);
create index session_account on auth.session (account, created_at desc);
create index session_ends on auth.session (ends_at);

create table auth.token (
  hash       bytea primary key check (octet_length(hash) = 32),
  id         uuid not null unique default gen_random_uuid(),
  account    uuid not null references auth.account,
  membership uuid not null references party.membership,
  name       text not null,
  scopes     text[] not null check (scopes <@ array['read', 'write'] and cardinality(scopes) > 0),
  created_at timestamptz not null default now(),
  seen_at    timestamptz,
  ends_at    timestamptz not null,
  revoked_at timestamptz
);
create index token_account on auth.token (account, created_at desc);

-- The secret is encrypted under the gateway's key; within the ciphertext stands the account's id, so
-- that a row copied to another account does not open.
create table auth.totp (
  account      uuid primary key references auth.account,
  secret       bytea not null,
  created_at   timestamptz not null default now(),
  confirmed_at timestamptz,
  last_step    bigint not null default 0  -- a code is good once
);
create table auth.recovery_code (
  account uuid not null references auth.account,
  hash    bytea not null,
  used_at timestamptz,
  primary key (account, hash)
);

-- Shown once, good once: the first administrators and set-your-password links.
create table auth.one_time (
  hash       bytea primary key check (octet_length(hash) = 32),
  kind       text not null check (kind in ('first_admin', 'password')),
  account    uuid references auth.account,
  role       text,
  created_by uuid,
  created_at timestamptz not null default now(),
  ends_at    timestamptz not null,
  used_at    timestamptz,
  check ((kind = 'password') = (account is not null)),
  check ((kind = 'first_admin') = (role is not null))
);
create index one_time_account on auth.one_time (account) where account is not null;

-- Asked by one, decided by another, neither being the person it is about (S22).
create table auth.role_grant (
  id         uuid primary key default gen_random_uuid(),
  membership uuid not null references party.membership,
  person     uuid not null references party.person,
  action     text not null check (action in ('add', 'remove')),
  roles      text[] not null check (cardinality(roles) > 0),
  reason     text not null,
  asked_by   uuid not null,
  asked_at   timestamptz not null default now(),
  decision   text check (decision in ('granted', 'refused')),
  note       text,
  decided_by uuid,
  decided_at timestamptz,
  check (asked_by <> person),
  check (decided_by is null or (decided_by <> person and (decided_by <> asked_by or action = 'remove'))),
  check ((decision is null) = (decided_by is null))
);
create index role_grant_open on auth.role_grant (asked_at desc, id) where decision is null;
create index role_grant_person on auth.role_grant (person, asked_at desc);

-- Failures, counted before the password is looked at (so that a hundred guesses at once are a
-- hundred) and forgiven when it was right. key: digest of the login, known or not; or the address.
create table auth.attempt (
  kind         text not null check (kind in ('login', 'ip')),
  key          text not null,
  failures     int not null default 0,
  last_at      timestamptz not null default now(),
  locked_until timestamptz,
  primary key (kind, key)
);
create index attempt_last on auth.attempt (last_at);
-- Where an account has signed in from: there, what others do at the same address does not slow it.
create table auth.place (
  account uuid not null references auth.account,
  ip      text not null,
  last_at timestamptz not null default now(),
  primary key (account, ip)
);

-- What happened to accounts, units and roles. Append only.
create table auth.event (
  seq     bigint generated always as identity primary key,
  kind    text not null,
  actor   uuid,
  account uuid,                           -- whom it happened to
  object  uuid,
  data    jsonb not null default '{}',
  session uuid,
  ip      text,
  rid     text,
  at      timestamptz not null default clock_timestamp()
);
create index event_account on auth.event (account, seq desc);
create index event_kind on auth.event (kind, seq desc);
create index event_object on auth.event (object, seq desc) where object is not null;
revoke update, delete on auth.event from jb_api;

grant delete on auth.session, auth.totp, auth.recovery_code, auth.one_time, auth.attempt, auth.place
  to jb_api;
grant delete on party.unit_alias to jb_api;

create index unit_created on party.unit (created_at desc, id);
-- Who asked for a membership that is not answered yet: the person (the unit answers), or somebody of
-- the unit (the person answers).
alter table party.membership add asked_by uuid;
create index membership_person on party.membership (person) where state <> 'ended';
create index recommender_unit on party.recommender (unit);

-- May manage accounts or look into them.
create function auth.is_admin() returns boolean language sql stable as
$$ select auth.my_roles() && array['sysadmin', 'secadmin', 'auditor'] $$;
-- 'session' or 'token'; the public id of it.
create function auth.my_session_kind() returns text language sql stable as
$$ select nullif(current_setting('jb.session', true), '') $$;
create function auth.my_session_id() returns uuid language sql stable as
$$ select nullif(current_setting('jb.session_id', true), '')::uuid $$;
grant execute on function auth.is_admin(), auth.my_session_kind(), auth.my_session_id()
  to jb_api, jb_owner;

-- table, who sees a row, who may add one; changes and removals need to see it
do $$
declare
  r record;
  v_sys constant text := '(select auth.context()) = ''system''';
  v_any constant text := '(select auth.context()) is not null';
  v_in  constant text := '(select auth.context()) in (''person'', ''system'')';
begin
  for r in select * from (values
    ('auth.account',     v_sys || ' or id = (select auth.me()) or (select auth.is_admin())', v_sys),
    ('auth.session',     v_sys || ' or account = (select auth.me())', v_sys),
    ('auth.token',       v_sys || ' or account = (select auth.me())', v_in),
    ('auth.totp',        v_sys || ' or account = (select auth.me())', v_in),
    ('auth.recovery_code', v_sys || ' or account = (select auth.me())', v_in),
    ('auth.one_time',    v_sys, v_sys),
    ('auth.role_grant',  v_sys || ' or person = (select auth.me()) or (select auth.is_admin())', v_in),
    ('auth.attempt',     v_sys, v_sys),
    ('auth.place',       v_sys, v_sys),
    ('auth.event',       v_sys || ' or account = (select auth.me()) or (select auth.has(''auditor''))', v_any),
    ('party.unit',       v_sys || ' or (' || v_any || ' and state in (''verified'', ''suspended''))'
                         || ' or id = (select auth.my_unit()) or (select auth.is_bureau()) or (select auth.is_admin())'
                         || ' or ((select auth.has(''county'')) and recommender = (select auth.my_recommender()))'
                         || ' or id in (select m.unit from party.membership m where m.person = (select auth.me()))', v_in),
    ('party.unit_alias', v_any, v_in),
    ('party.recommender', v_any, v_in),
    ('party.unit_relation', v_sys || ' or (select auth.is_bureau()) or (select auth.is_admin())'
                         || ' or unit = (select auth.my_unit()) or parent = (select auth.my_unit())', v_in),
    ('party.person',     v_in, v_in),
    ('party.membership', v_sys || ' or person = (select auth.me()) or unit = (select auth.my_unit())'
                         || ' or (select auth.is_bureau()) or (select auth.is_admin())', v_in),
    ('party.credit',     v_sys || ' or (select auth.is_bureau()) or (select auth.has(''auditor''))'
                         || ' or unit = (select auth.my_unit()) or person = (select auth.me())', v_in),
    ('workflow.party',   v_any, v_any),
    ('workflow.idempotency', v_sys || ' or (' || v_any
                         || ' and actor = coalesce((select auth.me()), ''00000000-0000-0000-0000-000000000000''))', v_any),
    ('core.programme',   v_any || ' and (state <> ''draft'' or (select auth.context()) = ''system'' or (select auth.is_bureau()))', v_in)) as t (tab, see, add)
  loop
    execute format('alter table %s enable row level security', r.tab);
    execute format('alter table %s force row level security', r.tab);
    execute format('create policy see on %s for select using (%s)', r.tab, r.see);
    execute format('create policy add on %s for insert with check (%s)', r.tab, r.add);
    execute format('create policy change on %s for update using (%s) with check (%s)', r.tab, r.see, v_any);
    execute format('create policy remove on %s for delete using (%s)', r.tab, r.see);
  end loop;
end;
$$;

-- Telephone and address of a person: not a column that any function may select, but the answer of
-- one that asks who wants it. Self, signatories of a unit of the person, the bureau, administrators.
revoke select on party.person from jb_api;
grant select (id, name, title, sample, created_at) on party.person to jb_api;
create function auth.person_contact(p_person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('phone', p.phone, 'email', p.email)
    from party.person p
   where p.id = p_person
     and (auth.context() = 'system' or p.id = auth.me() or auth.is_bureau() or auth.is_admin()
          or auth.has('signatory') and exists (
               select from party.membership m
                where m.person = p.id and m.unit = auth.my_unit() and m.state <> 'ended'))
$$;
grant execute on function auth.person_contact(uuid) to jb_api;
reset role;
