const HOST =
  /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]+)?$/;

/** Whether a text is `host[:port]` as docker/reference takes it: no underscore, no IPv6 address, dots not required. */
export function isRegistryHost(text: string): boolean {
  return HOST.test(text);
}
