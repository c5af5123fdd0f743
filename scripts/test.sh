#!/usr/bin/env bash
# Runs the tests and leaves coverage in build/coverage (lcov.info and index.html).
set -euo pipefail
cd "$(dirname "$0")/.."

node_modules/.bin/bun test --coverage --coverage-reporter=text --coverage-reporter=lcov \
  --coverage-dir=build/coverage --timeout=60000 "$@"
node_modules/.bin/lcov-viewer lcov -o build/coverage build/coverage/lcov.info >/dev/null
