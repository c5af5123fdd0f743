#!/usr/bin/env bash
# Runs the tests that face a cluster against a real one: KUBECONFIG must name an administrator's kubeconfig.
# They make namespaces called pullkey-test-… with Roles and Secrets in them, and remove them. What pullkey renders
# is sent with dryRun=All, so nothing else is left behind.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ -z "${KUBECONFIG:-}" ]]; then
  echo "test-cluster: KUBECONFIG is not set: name the kubeconfig of a test cluster's administrator, see docs/development.md" >&2
  exit 1
fi
if [[ ! -r "$KUBECONFIG" ]]; then
  echo "test-cluster: KUBECONFIG names $KUBECONFIG, which cannot be read: name one file that can" >&2
  exit 1
fi

PULLKEY_TEST_KUBECONFIG=$(realpath "$KUBECONFIG")
export PULLKEY_TEST_KUBECONFIG
node_modules/.bin/bun test --timeout=120000 test/cluster
