import { UsageError } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { DOCKER_HUB, isDockerHub } from '../image/docker-hub.ts';
import { parseLiteralReference } from '../image/reference.ts';
import { isRegistryAuthority, type Repository } from '../image/repository.ts';

/**
 * What a stored credential is for: `host[:port][/path]`, the host in lower case. In the store it is a
 * file's name without its ending.
 */
export interface Scope {
  readonly text: string;
  /** `team-a`, or empty for the whole registry. */
  readonly path: string;
}

/** Not for a host of this name: `config.json` in the store is Docker's own file. */
const RESERVED = 'config';

/** The registry of a repository as scopes spell it, with its port, if any, before without. */
export function authoritiesOf({ host, colonPort }: Repository): readonly string[] {
  const name = host.toLowerCase();
  return colonPort === '' ? [name] : [name + colonPort, name];
}

/**
 * The scopes that a repository belongs to, the most specific first: paths of whole components below the
 * given ones of its authorities, then its authorities themselves, then their parent domains.
 */
export function scopesOf(
  repository: Repository,
  authoritiesWithPaths: readonly string[],
): readonly Scope[] {
  const scopes: Scope[] = [];
  for (const authority of authoritiesWithPaths) {
    for (
      let path = repository.path;
      path !== '';
      path = path.slice(0, Math.max(path.lastIndexOf('/'), 0))
    ) {
      scopes.push({ text: `${authority}/${path}`, path });
    }
  }
  for (const text of authoritiesOf(repository)) scopes.push({ text, path: '' });
  for (const text of parentDomains(repository.host.toLowerCase())) scopes.push({ text, path: '' });
  return scopes.filter(({ text }) => text !== RESERVED);
}

/** `a.b.c` → `b.c`, `c`; an address has none. */
function parentDomains(host: string): string[] {
  const domains: string[] = [];
  if (isAddress(host)) return domains;
  for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
    domains.push(host.slice(dot + 1));
  }
  return domains;
}

/** Whether a host is an IP address: only in IPv4 ones the last label is a number. */
function isAddress(host: string): boolean {
  return host.startsWith('[') || !Number.isNaN(Number(host.slice(host.lastIndexOf('.') + 1)));
}

/** Reads a scope as people write it; Docker Hub's other names become `docker.io`. Throws a UsageError. */
export function parseScope(text: string): Scope {
  const slash = text.indexOf('/');
  const host = (slash === -1 ? text : text.slice(0, slash)).toLowerCase();
  const path = slash === -1 ? '' : text.slice(slash + 1);
  if (!isRegistryAuthority(host) || (slash !== -1 && !isRepositoryPath(path))) {
    throw new UsageError(
      `${quote(text)} is no scope; write a registry as HOST[:PORT], a part of it as HOST[:PORT]/PATH, without scheme, tag and final slash`,
    );
  }
  if (host === RESERVED) {
    throw new UsageError(
      `no credential can be stored for the host ${quote(RESERVED)}, because config.json in the store is Docker's own file; add its port`,
    );
  }
  const authority = isDockerHub(host) ? DOCKER_HUB : host;
  return { text: path === '' ? authority : `${authority}/${path}`, path };
}

function isRepositoryPath(path: string): boolean {
  try {
    return (
      parseLiteralReference(`localhost/${path}`).toString() === `localhost/${path}` &&
      !/[:@]/.test(path)
    );
  } catch {
    return false;
  }
}
