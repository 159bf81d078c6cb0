# suites.sh - what each suite of ./test runs. A suite writes TAP (or what ctest, node and pg_prove
# make of it) to its log and returns; the counting is test's. Sourced by test.

# the C tests of one label, on one build; cmocka speaks TAP and ctest passes it through
ctest_label() { # BUILD LABEL
  ctest --test-dir "$1" -L "^$2\$" --verbose --no-tests=ignore --timeout 120
}

# node's own TAP, on the files given, each with its own end in case it hangs. A file that asks for
# no more than a gateway's address gets a city beside it.
node_files() {
  local file beside
  for file in "$@"; do
    beside=()
    ! grep -q 'env.JB_PLAIN_URL' "$file" || beside=(node "$root/tests/lib/with_city.mjs")
    timeout --kill-after=10 "${JB_FILE_SECONDS:-300}" "${beside[@]}" node --test --test-reporter=tap "$file" ||
      [ $? -lt 124 ] || echo "not ok - ${file#"$root/"} did not end in time"
  done
}

mjs() { find "$root/tests/$1" -name '*.test.mjs' 2>/dev/null | LC_ALL=C sort; }

one() { # TITLE COMMAND...: a command as one TAP line
  local title=$1 out
  shift
  if out=$("$@" 2>&1); then
    echo "ok - $title"
  else
    echo "not ok - $title"
    printf '%s\n' "$out" | tail -60 | sed 's/^/#   /'
  fi
}

# What S46 asks for, read from the programs themselves.
hardened() {
  local program # grep reads to the end: with -q readelf would die of a closed pipe
  for program in "$@"; do
    readelf -hW "$program" | grep 'Type: *DYN' >/dev/null || { echo "$program is not position independent"; return 1; }
    readelf -lW "$program" | grep 'GNU_RELRO' >/dev/null || { echo "$program: no relro"; return 1; }
    readelf -lW "$program" | grep -E 'GNU_STACK.* RW ' >/dev/null || { echo "$program: executable stack"; return 1; }
    readelf -dW "$program" | grep -E 'BIND_NOW|FLAGS.*NOW' >/dev/null || { echo "$program: lazy binding"; return 1; }
    readelf -sW "$program" | grep '__stack_chk_fail' >/dev/null || { echo "$program: no stack protector"; return 1; }
    readelf -sW "$program" | grep -E '__(memcpy|snprintf|vsnprintf|fprintf|read|memset)_chk' >/dev/null || { echo "$program: not fortified"; return 1; }
  done
}

suite_build() {
  export JB_RECONFIGURE=1
  one "gcc, release, -Werror" in_shell build_into "$root/build" programs all_tests -- -DCMAKE_BUILD_TYPE=Release
  one "the style sheet and the islands, within their size" in_shell web_into "$root/build/web"
  one "the release programs are hardened" hardened "$root"/build/bin/jiebang-*
  [ "$1" = quick ] && return
  one "gcc, address and undefined behaviour sanitizers" in_shell build_into "$root/build-asan" programs all_tests -- -DJB_SANITIZE=ON
  one "clang, release, -Werror" in_shell build_into "$root/build-clang" programs all_tests -- -DCMAKE_C_COMPILER=clang
}

# web_into FOLDER: as build_web, but what cannot be bundled fails
web_into() {
  install_modules "$root/services/web"
  node "$root/services/web/build.mjs" "$1"
}

suite_unit() {
  # shellcheck disable=SC2046
  node_files $(mjs unit/web)
  if [ "$1" = quick ]; then
    ctest_label "$root/build" unit
    return
  fi
  ctest_label "$root/build-asan" unit
  # what runs on several threads, once more under ThreadSanitizer
  one "gcc, thread sanitizer" in_shell build_into "$root/build-tsan" threads_tests -- -DJB_THREADS=ON
  ctest --test-dir "$root/build-tsan" -R 'test_(threads|busy)$' --verbose --no-tests=error --timeout 300
}

# pgTAP files run inside begin .. rollback, so one clone of each template serves them all: a file
# under tests/sql/<city>/ gets that city, the others the empty one.
suite_sql() {
  local base file template
  base=$("$root/tools/cluster" conninfo "$cluster")
  "$root/tools/template" empty "$cluster"
  while read -r file; do
    template=empty
    case ${file#"$root/tests/sql/"} in jinzhou/*) template=jinzhou ;; liaoning/*) template=liaoning ;; esac
    printf '%s %s\n' "$template" "$file"
  done < <(find "$root/tests/sql" -name '*.sql' ! -path '*/lib/*' ! -path '*/fixtures/*' | LC_ALL=C sort) >"$cluster/sql_files"
  for template in $(cut -d' ' -f1 "$cluster/sql_files" | sort -u); do
    "$root/tools/template" "$template" "$cluster"
    psql -qAt -d "$base dbname=postgres" -c "create database sql_$template template template_$template"
    psql -qAt -d "$base dbname=sql_$template" -c 'create extension if not exists pgtap schema public' -f "$root/tests/sql/lib/refusals.sql"
    # shellcheck disable=SC2046 # names of this repository hold no blanks
    (cd "$root/tests/sql" && PGHOST=$(cut -d" " -f1 <<<"${base#host=}") PGUSER=postgres \
      PGDATABASE=sql_$template PGOPTIONS=--client-min-messages=warning pg_prove --verbose --timer $(sed -n "s/^$template //p" "$cluster/sql_files")) || true
  done
}

# The tests that speak HTTP run against the sanitizer build when there is time for it. What they say
# and hear is kept for the contract's suite.
suite_api() {
  export JB_TRACE=$cluster/trace_api.jsonl
  [ "$1" = quick ] || export JB_BIN=$root/build-asan/bin
  # shellcheck disable=SC2046
  node_files $(mjs api)
}

suite_contract() {
  # shellcheck disable=SC2046
  node_files $(mjs contract)
}

suite_fault() {
  ctest_label "$root/build" fault
  # shellcheck disable=SC2046
  node_files $(mjs fault) $(mjs load)
}

suite_fuzz() {
  local seconds=60
  [ "$1" = quick ] && seconds=5
  [ ! -x "$root/tests/fuzz/run" ] || one "fuzz targets, $seconds s each" "$root/tests/fuzz/run" "$seconds"
  # shellcheck disable=SC2046
  node_files $(mjs fuzz)
}

c_files() { (cd "$root" && git ls-files -co --exclude-standard "$@"); }

suite_lint() {
  cd "$root" || return
  tools/check || true
  # shellcheck disable=SC2046
  {
    one "clang-format" clang-format --dry-run --Werror $(c_files 'services/*.[ch]' 'tests/*.[ch]')
    one "shellcheck" shellcheck -x -P . run test .ci/run tools/cluster tools/template tools/lib/*.sh sql/*.sh
    one "tsc" services/web/node_modules/.bin/tsc -p services/web
    [ "$1" = quick ] && return
    one "cppcheck" cppcheck --quiet --error-exitcode=1 --enable=warning,portability,performance \
      --inline-suppr --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches \
      --std=c11 -D_GNU_SOURCE -j 2 -I services/common -I services/gateway -I services/gateway/http \
      $(c_files 'services/*.c')
    one "clang-tidy" tidy_all
  }
}

tidy_all() { c_files 'services/*.c' | xargs -P "$(nproc)" -n 4 clang-tidy -p build-clang --quiet 2> >(grep -vE 'warnings? generated' >&2); }

suite_scenario() {
  local name
  for name in $("$root/run" --list-scenarios); do
    [ "$1" = quick ] && [ "$name" != jinzhou ] && continue
    one "scenario $name" "$root/run" --no-install --scenario "$name"
  done
}

# in_chromium FILE...: tests of the pages. The moments of the story that they start from are made once.
in_chromium() {
  install_modules "$root/tests/e2e"
  build_web "$cluster/static"
  export JB_STATIC=$cluster/static JB_FILE_SECONDS=${seconds:-600}
  node_files "${@/#/$root/tests/e2e/}"
}

suite_e2e() { in_chromium keyboard.test.mjs keep.test.mjs live.test.mjs words.test.mjs inject.test.mjs; }

# The whole stories on the pages, with and without scripts; what would do harm in every field of every form; and
# every page in every state against WCAG.
suite_story() { seconds=3600 in_chromium jinzhou.test.mjs liaoning.test.mjs inject_all.test.mjs axe.test.mjs; }

# What all the others have produced, against what can be refused; nothing to say after a part of them.
suite_refusals() {
  one "every refusal and every field error was produced by a test" \
    node "$root/tests/lib/refusals.mjs" "$JB_REFUSALS" "$cluster/pg/server.log"
}

# a function that may `exit` must not take the suite with it
in_shell() { ("$@"); }
