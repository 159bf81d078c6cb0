#!/usr/bin/env bash
# load_sample.sh CITY [CONNINFO] - fill an empty, migrated database with samples/CITY/load.sql.
#
# The script runs inside the city's folder, so that \ir and \copy take relative names, and in one
# transaction: a sample city is there whole or not at all. It may never touch a database that is in
# use: one that already names its city is refused.
set -euo pipefail
city=${1:?usage: load_sample.sh CITY [CONNINFO]}
conninfo=${2:-${DATABASE_URL:-}}
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/../samples/$city" && pwd)
[ -f "$folder/load.sql" ] || { echo "load_sample.sh: no samples/$city/load.sql" >&2; exit 2; }

cd "$folder"
psql --no-psqlrc --quiet --no-align --tuples-only --single-transaction \
  ${conninfo:+--dbname="$conninfo"} \
  --variable=ON_ERROR_STOP=1 --variable=city="$city" --variable=folder="$folder" <<SQL
set client_min_messages = warning;
\\o /dev/null
do \$\$
begin
  if exists (select from meta.setting where name = 'city') then
    raise exception 'this database already holds a city';
  end if;
end;
\$\$;
\\ir $folder/load.sql
reset role;
update feed.state set database = '';  -- a match engine that is running reads everything anew
update meta.clock set movable = true;  -- a sample city may be played through in an hour
insert into meta.setting (name, value) values ('city', to_jsonb('$city'::text))
  on conflict (name) do update set value = excluded.value;
SQL
