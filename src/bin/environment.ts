/** Never through a proxy, as in Go programs; the ranges are those of RFC 1122 and RFC 4291. */
const LOOPBACK: readonly string[] = ['localhost', '127.0.0.0/8', '::1', '[::1]'];

/**
 * Takes out of our environment what would make the runtime less safe than the program asks for: printing
 * requests with their token and switching TLS verification off. The kubelet passes on its whole
 * environment, on OpenShift with HTTPS_PROXY, so that requests are made to go the way that the kubelet's
 * own go: never through a proxy to loopback, never through ALL_PROXY (golang.org/x/net/http/httpproxy).
 */
export function closeRuntimeDoors(environment: NodeJS.ProcessEnv): void {
  delete environment['BUN_CONFIG_VERBOSE_FETCH'];
  delete environment['NODE_TLS_REJECT_UNAUTHORIZED'];
  delete environment['ALL_PROXY'];
  delete environment['all_proxy'];
  const exempt = [...LOOPBACK, environment['NO_PROXY'] ?? '', environment['no_proxy'] ?? ''];
  environment['NO_PROXY'] = exempt.filter((one) => one !== '').join(',');
  // The runtime would go by this one alone.
  delete environment['no_proxy'];
}

/** Whether the way to the API server may lead through a proxy. */
export function hasProxy(environment: NodeJS.ProcessEnv): boolean {
  return Boolean(environment['HTTPS_PROXY'] || environment['https_proxy']);
}
