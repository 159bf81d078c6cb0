#!/usr/bin/env bash
# migrate.sh [CONNINFO] - bring a database to the state of this folder.
#
# CONNINFO (or DATABASE_URL, or the PG* variables) must name a role that may create roles and
# schemas. What has not changed since the last time is left alone, so a second run costs one round
# trip. The stages, each under one advisory lock so that two runs never race:
#
#   roles.sql      when changed
#   migrations/    once each, in name order, one transaction each; a changed one is an error
#   ref/           each when changed, in its own transaction, as jb_owner
#   functions      workflow guard effect auth job feed ops api: when any file changed, all of them in
#                  one transaction, as jb_api. The functions of the last time are dropped first
#                  (those that a policy needs are replaced in place), so that a new return type or
#                  a deleted file needs no hand. api/grants.sql comes last.
#   machines/      all in one transaction when any changed, as jb_owner
#
# With JB_GATEWAY_PASSWORD_FILE, or the same for WORKER, MATCH or OPS, the role of that name gets the
# password in the file (servers that are reached over the network).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
conninfo=${1:-${DATABASE_URL:-}}
code_folders=(workflow guard effect auth job feed ops api)
lock=4954201

cd "$here"
command -v psql >/dev/null || { echo "migrate.sh: psql is not installed" >&2; exit 2; }
script=$(mktemp) && trap 'rm -f "$script"' EXIT

# sql_files FOLDER: its .sql files in name order, whatever the locale
sql_files() { [ ! -d "$1" ] || find "$1" -name '*.sql' -type f | LC_ALL=C sort; }

# Files of the code stage in the order of application.
code_files() {
  local folder
  for folder in "${code_folders[@]}"; do
    sql_files "$folder" | grep -vx 'api/grants.sql' || true
  done
  [ ! -f api/grants.sql ] || echo api/grants.sql
}

sum_of() { sha256sum <"$1" | cut -c1-64; }

# Checksum of a whole stage: of the names and contents, in order.
sum_of_stage() { [ $# = 0 ] && { echo none; return; }; sha256sum "$@" | sha256sum | cut -c1-64; }

# unless_applied PATH CHECKSUM: opens an \if that holds when PATH has not been applied as it is now
unless_applied() {
  cat <<SQL
select not exists (select from meta.applied where path = '$1' and checksum = '$2') as todo \\gset
\\if :todo
SQL
}

record() {
  cat <<SQL
insert into meta.applied (path, checksum) values ('$1', '$2')
  on conflict (path) do update set checksum = excluded.checksum, applied_at = now();
SQL
}

# apply_file PATH [ROLE]: one file in one transaction; what it set is reset afterwards.
apply_file() {
  local path=$1 role=${2:-} sum
  sum=$(sum_of "$path")
  unless_applied "$path" "$sum"
  printf '\\echo migrate: %s\nbegin;\n' "$path"
  [ -z "$role" ] || echo "set local role $role;"
  printf '\\ir %s/%s\nreset role;\nreset search_path;\n' "$here" "$path"
  record "$path" "$sum"
  printf 'commit;\n\\endif\n'
}

migration() {
  local path=$1 sum
  sum=$(sum_of "$path")
  cat <<SQL
select exists (select from meta.applied where path = '$path' and checksum <> '$sum') as changed \\gset
\\if :changed
  \\warn migrate: $path has been applied and was changed since: write a new migration instead
  select jb_migration_was_changed();
\\endif
SQL
  apply_file "$path"
}

# The functions that the code stage made last time go, unless something (a policy) hangs on them.
drop_old_code() {
  cat <<'SQL'
do $$
declare
  v_row record;
  v_gone int := 1;
begin
  while v_gone > 0 loop  -- until nothing more goes: functions may hang on one another
    v_gone := 0;
    for v_row in
      select c.oid, p.prokind from meta.code c join pg_catalog.pg_proc p using (oid)
    loop
      begin
        execute format('drop %s %s', case v_row.prokind when 'p' then 'procedure' when 'a' then
          'aggregate' else 'function' end, v_row.oid::regprocedure);
        v_gone := v_gone + 1;
      exception when dependent_objects_still_exist then
        null;
      end;
    end loop;
  end loop;
end;
$$;
create temp table before_code on commit drop as
  select oid from pg_catalog.pg_proc where oid not in (select oid from meta.code);
SQL
}

code_stage() {
  local files sum path
  mapfile -t files < <(code_files)
  [ ${#files[@]} -gt 0 ] || return 0
  sum=$(sum_of_stage "${files[@]}")
  unless_applied '(functions)' "$sum"
  printf '\\echo migrate: %s function files\nbegin;\nset local check_function_bodies = off;\n' ${#files[@]}
  drop_old_code
  for path in "${files[@]}"; do
    printf 'set local role jb_api;\n\\ir %s/%s\nreset role;\n' "$here" "$path"
  done
  echo 'delete from meta.code;'
  echo 'insert into meta.code select oid from pg_catalog.pg_proc where oid not in (select oid from before_code);'
  record '(functions)' "$sum"
  printf 'commit;\n\\endif\n'
}

machine_stage() {
  local files sum path
  mapfile -t files < <(sql_files machines)
  [ ${#files[@]} -gt 0 ] || return 0
  sum=$(sum_of_stage "${files[@]}")
  unless_applied '(machines)' "$sum"
  printf '\\echo migrate: %s machine files\nbegin;\n' ${#files[@]}
  for path in "${files[@]}"; do
    printf 'set local role jb_owner;\n\\ir %s/%s\nreset role;\n' "$here" "$path"
  done
  record '(machines)' "$sum"
  printf 'commit;\n\\endif\n'
}

# password ROLE FILE: never on a command line, and sent as its SCRAM verifier by \password's rule
password() {
  [ -n "$2" ] || return 0
  printf '\\set secret `cat %s`\nalter role %s login password :%s;\n' "$2" "$1" "'secret'"
}

{
  cat <<SQL
\\set ON_ERROR_STOP on
\\set VERBOSITY default
set client_min_messages = warning;
\\o /dev/null
select pg_advisory_lock($lock);
create schema if not exists meta;
create table if not exists meta.applied (
  path text primary key, checksum text not null, applied_at timestamptz not null default now());
create table if not exists meta.code (oid oid primary key);
SQL
  [ ! -f roles.sql ] || apply_file roles.sql
  while read -r path; do migration "$path"; done < <(sql_files migrations)
  while read -r path; do apply_file "$path" jb_owner; done < <(sql_files ref)
  code_stage
  machine_stage
  password jb_gateway "${JB_GATEWAY_PASSWORD_FILE:-}"
  password jb_worker "${JB_WORKER_PASSWORD_FILE:-}"
  password jb_match "${JB_MATCH_PASSWORD_FILE:-}"
  password jb_ops "${JB_OPS_PASSWORD_FILE:-}"
} >"$script"

PGOPTIONS="${PGOPTIONS:-} -c lock_timeout=60s" \
  psql --no-psqlrc --quiet --no-align --tuples-only ${conninfo:+--dbname="$conninfo"} --file="$script"
