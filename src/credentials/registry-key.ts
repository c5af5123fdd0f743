import { find } from '../diagnostics/lists.ts';
import { withoutTrailingSlashes } from '../diagnostics/trailing-slashes.ts';
import { DOCKER_HUB, isDockerHub } from '../image/docker-hub.ts';

/** A key of `auths`, taken apart: what it is for. */
export interface RegistryKey {
  /** Host and port in lower case, Docker Hub as `docker.io`; may hold `*` within labels. Empty: matches nothing. */
  readonly host: string;
  /** Path components below the host; empty for the whole registry. */
  readonly path: readonly string[];
  /** Whether the key was written in this form already, apart from scheme and slashes. */
  readonly isNormal: boolean;
}

const SCHEMES = ['https://', 'http://'] as const;

/**
 * Normalises a key as it stands in a Secret: one scheme and the slashes at the end off, the host in
 * lower case, Docker Hub's aliases to `docker.io`. A sole path `v1` or `v2` after a scheme is an API
 * version, not a repository (`https://index.docker.io/v1/` is what `docker login` writes).
 */
export function parseRegistryKey(key: string): RegistryKey {
  const scheme = find(SCHEMES, (one) => key.startsWith(one)) ?? '';
  const bare = withoutTrailingSlashes(key.slice(scheme.length));
  const [writtenHost = '', ...path] = bare.split('/');
  const host = registryHost(writtenHost);
  const isApiVersion = path.length === 1 && (path[0] === 'v1' || path[0] === 'v2');
  const aliasVersion = isApiVersion && host !== writtenHost.toLowerCase();
  const dropped = isApiVersion && (scheme !== '' || aliasVersion);
  return { host, path: dropped ? [] : path, isNormal: host === writtenHost && !dropped };
}

/** A host as keys are compared by: lower case, Docker Hub under its one name. */
export function registryHost(host: string): string {
  const lower = host.toLowerCase();
  return isDockerHub(lower) ? DOCKER_HUB : lower;
}
