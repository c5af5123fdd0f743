const PRIVATE_DOMAINS =
  /(?:^|\.)(?:local|localhost|localdomain|internal|intranet|private|lan|home|home\.arpa|corp|svc|cluster\.local|test|example|invalid|onion)$/;

/**
 * Whether a registry's host (with or without a port) is reached over networks that others share: a name
 * under a public domain, or a public IPv4 address.
 */
export function isPublicHost(hostAndPort: string): boolean {
  const host = hostAndPort.replace(/:\d+$/, '').toLowerCase();
  if (host.startsWith('[')) return !/^\[(?:::1|f[cd]|fe[89ab])/.test(host);
  const octets = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(host);
  if (octets !== null) return !isPrivateAddress(Number(octets[1]), Number(octets[2]));
  return host.includes('.') && !PRIVATE_DOMAINS.test(host);
}

/** RFC 1918, RFC 6598, loopback and link-local. */
function isPrivateAddress(first: number, second: number): boolean {
  return (
    first === 10 ||
    first === 127 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}
