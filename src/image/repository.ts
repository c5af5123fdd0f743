import { InvalidReference, parseLiteralReference, parseReference } from './reference.ts';
import { isRegistryHost } from './registry-host.ts';

/** The repository that an image names, without tag and digest. */
export interface Repository {
  /** The registry's host without port, as written; an IPv6 address in its brackets. */
  readonly host: string;
  /** `:5000`, or empty. */
  readonly colonPort: string;
  /** `team/app` */
  readonly path: string;
}

const IPV6_HOST = /^\[[0-9A-Fa-f:.]+\](?::[0-9]+)?$/;

/**
 * Takes an image apart into registry host, port and path. Beside what parseReference takes, the host may
 * be an IPv6 address in brackets, as newer kubelets take it. Throws InvalidReference.
 */
export function parseRepository(image: string): Repository {
  const slash = image.indexOf('/');
  const first = image.slice(0, Math.max(slash, 0));
  if (first.startsWith('[')) {
    if (!isRegistryAuthority(first)) throw new InvalidReference(image, 'invalid reference format');
    const { path } = parseLiteralReference(`localhost${image.slice(slash)}`, image);
    return { ...splitPort(first), path };
  }
  const { domain, path } = parseReference(image);
  return { ...splitPort(domain), path };
}

/** Whether a text is `host[:port]`; the host may be an IPv6 address in brackets. */
export function isRegistryAuthority(text: string): boolean {
  return isRegistryHost(text) || (IPV6_HOST.test(text) && URL.canParse(`https://${text}`));
}

function splitPort(authority: string): { readonly host: string; readonly colonPort: string } {
  const colon = authority.lastIndexOf(':');
  // Those of an IPv6 address stand before its bracket.
  const end = colon > authority.lastIndexOf(']') ? colon : authority.length;
  return { host: authority.slice(0, end), colonPort: authority.slice(end) };
}
