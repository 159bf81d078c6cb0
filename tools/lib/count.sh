# count.sh - how many passed and failed according to a suite's log. Sourced by test.

# count LOG: sets passed and failed from the TAP in it. What a tool reports beyond its lines counts
# too: node sums up its nested tests itself, a C program that crashed or was never built has no
# "not ok", nor has a pgTAP file that ends before its plan. Skipped is failed.
count() {
  local log=$1 beyond
  local line='^([0-9]+: )?ok( [0-9]+)?( [-#].*)?$' bad='^([0-9]+: )?not ok( [0-9]+)?( [-#].*)?$'
  local skip='# (SKIP|TODO)' rest
  rest=$(beside_node "$log")
  passed=$(grep -E "$line" <<<"$rest" | grep -cvE "$skip")
  failed=$(grep -cE "$bad" <<<"$rest")
  failed=$((failed + $(grep -E "$line" <<<"$rest" | grep -cE "$skip")))
  passed=$((passed + $(awk '/^# pass / { n += $3 } END { print n + 0 }' "$log")))
  failed=$((failed + $(awk '/^# (fail|cancelled|skipped|todo) / { n += $3 } END { print n + 0 }' "$log")))
  beyond=$(awk '/tests failed out of/ { n += $4 } END { print n + 0 }' "$log")
  [ "$beyond" -le "$failed" ] || failed=$beyond
  beyond=$(grep -cE '^Result: (FAIL|NOTESTS)|Parse errors:' "$log")
  [ "$beyond" = 0 ] || [ "$failed" != 0 ] || failed=$beyond
}

# beside_node LOG: what is in a log besides that which node's reporter wrote
beside_node() {
  awk '/^TAP version 13/ { on = 1 } !on { print } /^# duration_ms/ { on = 0 }' "$1"
}
