#!/usr/bin/env bash
# Runs the cases of test/real-node on this machine, which must be a node of a test cluster: its registries.conf is
# changed and put back, CRI-O is restarted. Says what is missing where it cannot run.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
need() {
  missing+=("$1")
}

export E2E_REGISTRY=${E2E_REGISTRY:-localhost:5000}
export E2E_USER=${E2E_USER:-myuser}
export E2E_PASSWORD=${E2E_PASSWORD:-mypassword}
export KUBECONFIG=${KUBECONFIG:-/etc/kubernetes/admin.conf}
OLDEST_CRIO_MINOR=34
# Images that the registry must hold.
REPOSITORIES=(library/nginx library/redis)

# The first line of the registry's answer to a GET, over plain HTTP.
answer() {
  local host=${E2E_REGISTRY%:*} port=${E2E_REGISTRY##*:} line=''
  {
    exec 3<>"/dev/tcp/$host/$port" &&
      printf 'GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n%s\r\n' "$1" "$E2E_REGISTRY" "${2:-}" >&3 &&
      IFS= read -r -t 5 line <&3
  } 2>/dev/null || true
  printf '%s' "${line%$'\r'}"
}

kubelet_flag() {
  tr '\0' '\n' <"/proc/$kubelet_pid/cmdline" | grep -A1 -E -- "^--?$1(=|\$)" | sed -E "s/^--?$1=?//" | grep -m1 . || true
}

[[ $EUID -eq 0 ]] || need "root: run sudo make e2e"
command -v systemctl >/dev/null || need "systemd: it runs kubelet and CRI-O, and keeps the journal"

if ! command -v kubectl >/dev/null; then
  need "kubectl: install it"
elif ! kubectl get --raw /readyz >/dev/null 2>&1; then
  need "kubectl: no cluster answers it with KUBECONFIG=$KUBECONFIG"
fi

if ! systemctl is-active --quiet crio 2>/dev/null; then
  need "CRI-O: its unit crio is not active"
elif ! crio_minor=$(crio --version 2>/dev/null | grep -oP '^crio version 1\.\K\d+') || ((crio_minor < OLDEST_CRIO_MINOR)); then
  need "CRI-O: it is not of version 1.$OLDEST_CRIO_MINOR or later, which take auth files of namespaces"
fi

if ! kubelet_pid=$(pgrep -ox kubelet); then
  need "kubelet: none is running"
elif [[ -z "$(kubelet_flag image-credential-provider-config)" ]]; then
  need "kubelet: it runs without --image-credential-provider-config, see docs/kubernetes.md"
else
  E2E_PLUGIN=$(kubelet_flag image-credential-provider-bin-dir)/crio-credential-provider
  export E2E_PLUGIN
  if [[ ! -x "$E2E_PLUGIN" ]]; then
    need "kubelet: its plugin directory has no $E2E_PLUGIN"
  elif ! cmp -s build/pullkey "$E2E_PLUGIN"; then
    need "kubelet: $E2E_PLUGIN is not what was built here: install -m 0755 build/pullkey $E2E_PLUGIN"
  fi
fi

credential=$(printf '%s:%s' "$E2E_USER" "$E2E_PASSWORD" | base64 -w0)
if [[ "$(answer /v2/)" != *" 401 "* ]]; then
  need "registry: none at $E2E_REGISTRY asks for a password (E2E_REGISTRY, E2E_USER, E2E_PASSWORD); start one with:
    printf %s $E2E_PASSWORD > password && build/pullkey registry --port ${E2E_REGISTRY##*:} --user $E2E_USER --password-file password ${REPOSITORIES[*]/#/--seed docker.io/}"
else
  for repository in "${REPOSITORIES[@]}"; do
    path=/v2/$repository/manifests/latest
    headers=$'Accept: application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.v2+json\r\n'
    [[ "$(answer "$path" "${headers}Authorization: Basic $credential"$'\r\n')" == *" 200 "* ]] ||
      need "registry: $E2E_REGISTRY does not give $repository:latest to $E2E_USER"
  done
fi

if ((${#missing[@]} > 0)); then
  printf 'e2e: this machine is no node to test on, see docs/development.md; missing:\n' >&2
  printf '  - %s\n' "${missing[@]}" >&2
  exit 1
fi

exec node_modules/.bin/bun test --timeout=600000 ./test/real-node/cases.ts
