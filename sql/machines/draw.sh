#!/usr/bin/env bash
# draw.sh [CONNINFO] - draw the machines of a migrated database into README.md beside this file.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
conninfo=${1:-${DATABASE_URL:-}}
psql --no-psqlrc --quiet --no-align --tuples-only ${conninfo:+--dbname="$conninfo"} \
  --variable=ON_ERROR_STOP=1 --command='select workflow.draw_machines()' >"$here/README.md.new"
mv "$here/README.md.new" "$here/README.md"
