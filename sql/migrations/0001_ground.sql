-- 0001 - schemas, extensions, the clock and the common types.
create extension if not exists pgcrypto schema public;
create extension if not exists pg_trgm schema public;

create schema if not exists meta authorization jb_owner;
create schema ref authorization jb_owner;
create schema party authorization jb_owner;
create schema lib authorization jb_owner;
create schema core authorization jb_owner;
create schema workflow authorization jb_owner;
create schema guard authorization jb_owner;
create schema effect authorization jb_owner;
create schema auth authorization jb_owner;
create schema audit authorization jb_owner;
create schema api authorization jb_owner;
create schema job authorization jb_owner;
create schema feed authorization jb_owner;
create schema ops authorization jb_owner;

revoke create on schema public from public;
grant usage on schema meta, ref, party, lib, core, workflow, guard, effect, auth, audit, api, job, feed, ops to jb_api;
grant create on schema ref, party, lib, core, workflow, guard, effect, auth, api, job, feed, ops to jb_api;
grant usage on schema api to jb_gateway;
grant usage on schema job to jb_worker;
grant usage on schema feed to jb_match;
grant usage on schema ops to jb_ops;
grant pg_read_all_data to jb_backup;
-- functions are closed until granted: see grants.sql, the last file of sql/api
alter default privileges revoke execute on functions from public;
alter default privileges for role jb_owner revoke execute on functions from public;
alter default privileges for role jb_api revoke execute on functions from public;
-- whatever table comes later, the functions may read and write it, but not delete: that is granted
-- one table at a time where it is meant
alter default privileges for role jb_owner in schema ref, party, lib, core, workflow, auth, meta
  grant select, insert, update on tables to jb_api;
alter default privileges for role jb_owner in schema ref, party, lib, core, workflow, auth, meta, audit
  grant usage on sequences to jb_api;
alter default privileges for role jb_owner in schema audit grant select, insert on tables to jb_api;

-- The answer of every api function: the gateway turns it into HTTP.
create type api.answer as (status int, body json, version int, location text);

-- One row. `frozen` stops the clock, for tests and sample cities only (`movable`).
create table meta.clock (
  one     boolean primary key default true check (one),
  movable boolean not null default false,
  frozen  timestamptz
);
insert into meta.clock default values;

create table meta.setting (
  name  text primary key,
  value jsonb not null
);
