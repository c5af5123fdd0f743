#!/usr/bin/env bash
# Runs the tests and leaves coverage in build/coverage (lcov.info and index.html).
set -euo pipefail
cd "$(dirname "$0")/.."

log=build/test.log
status=0
node_modules/.bin/bun test --coverage --coverage-reporter=lcov --coverage-dir=build/coverage \
  --timeout=60000 "$@" 2>&1 | tee "$log" || status=$?
node_modules/.bin/lcov-viewer lcov -o build/coverage build/coverage/lcov.info >/dev/null

count() {
  awk -v word="$1" '$2 == word && NF == 2 { n = $1 } END { print n + 0 }' "$log"
}
printf 'tests: %d passed, %d failed, %d skipped\n' "$(count pass)" "$(count fail)" "$(count skip)"
exit "$status"
