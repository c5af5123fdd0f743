#!/usr/bin/env bash
# Checks shell scripts with shellcheck and shfmt, where they are installed; CI installs both.
set -euo pipefail

for tool in shellcheck shfmt; do
  if ! command -v "$tool" >/dev/null; then
    [[ -z "${PULLKEY_REQUIRE_REAL:-}" ]] || {
      echo "lint: $tool is not installed: apt-get install $tool" >&2
      exit 1
    }
    echo "lint: $tool is not installed, its checks are left out" >&2
    continue
  fi
  case "$tool" in
  shellcheck) shellcheck "$@" ;;
  shfmt) shfmt -i 2 -d "$@" ;;
  esac
done
