/**
 * Takes out of our environment what would make the runtime less safe than the program asks for: printing
 * requests with their token, switching TLS verification off, and sending loopback through a proxy (the
 * kubelet passes on its whole environment, on OpenShift with HTTPS_PROXY).
 */
export function closeRuntimeDoors(environment: NodeJS.ProcessEnv): void {
  delete environment['BUN_CONFIG_VERBOSE_FETCH'];
  delete environment['NODE_TLS_REJECT_UNAUTHORIZED'];
  const exempt = environment['NO_PROXY'] ?? environment['no_proxy'] ?? '';
  const exemptions = ['localhost', '127.0.0.1', '::1', '[::1]', exempt];
  environment['NO_PROXY'] = exemptions.filter((one) => one !== '').join(',');
}
