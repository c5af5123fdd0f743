#!/usr/bin/env bash
# Tries the properties of test/fuzz on made-up input for as long as asked: fuzz.sh SECONDS [SEED].
# The seed is told, so that a failure can be tried again; with the same seed the same values come first.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ ! "${1:-}" =~ ^[1-9][0-9]*$ || ! "${2:-0}" =~ ^[0-9]+$ ]]; then
  echo "usage: make fuzz SECONDS=60 [SEED=1]: whole numbers" >&2
  exit 2
fi

export FUZZ_SECONDS=$1
export FUZZ_SEED=${2:-$((RANDOM * 32768 + RANDOM))}
echo "fuzz: seed $FUZZ_SEED; again with: make fuzz SECONDS=$FUZZ_SECONDS SEED=$FUZZ_SEED"
exec node_modules/.bin/bun test test/fuzz
