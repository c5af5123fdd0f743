import { find, map } from '../diagnostics/lists.ts';
import type { AuthEntry, Auths } from './entry.ts';

export interface MergedAuths {
  readonly auths: Auths;
  /** Keys of the global file that would have won over the namespace's entry for an endpoint. */
  readonly leftOut: readonly string[];
}

/**
 * The global entries with the namespace's over them. containers/image takes the most specific key for a
 * reference, so a global key that is more specific than the namespace's for one of the references is
 * left out; otherwise the node's credential would go before the tenant's own.
 */
export function mergeAuths(
  global: Auths,
  namespaced: Auths,
  references: readonly string[],
): MergedAuths {
  const auths = new Map(global);
  const leftOut: string[] = [];
  for (const reference of references) {
    for (const key of strongerGlobalKeys(reference, global, namespaced)) {
      if (auths.delete(key)) leftOut.push(key);
    }
  }
  for (const [key, entry] of namespaced) auths.set(key, entry);
  return { auths, leftOut };
}

function strongerGlobalKeys(reference: string, global: Auths, namespaced: Auths): string[] {
  const stronger: string[] = [];
  for (const key of lookupKeys(reference)) {
    if (namespaced.has(key)) return stronger;
    if (global.has(key)) stronger.push(key);
  }
  return [];
}

/**
 * The key and entry that containers/image uses for a repository's name; undefined where none applies.
 * After the exact keys, from the most specific path up to the host, it compares hosts only, with
 * schemes off and Docker Hub's names folded (pkg/docker/config findCredentialsInFile).
 */
export function findAuthEntry(reference: string, auths: Auths): [string, AuthEntry] | undefined {
  for (const key of lookupKeys(reference)) {
    const entry = auths.get(key);
    if (entry !== undefined) return [key, entry];
  }
  const host = foldedHost(reference.split('/', 1)[0] ?? '');
  return find(auths, ([key]) => foldedHost(legacyHost(key)) === host);
}

/** The exact keys that are looked up for a repository, in order: `host/a/b` → `host/a/b`, `host/a`, `host`. */
export function lookupKeys(reference: string): string[] {
  const components = reference.split('/');
  return map(components, (_, index) => components.slice(0, components.length - index).join('/'));
}

function legacyHost(key: string): string {
  const bare = without('https://', without('http://', key));
  return bare === key ? key : (bare.split('/', 1)[0] ?? '');
}

function without(prefix: string, text: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function foldedHost(host: string): string {
  return host === 'docker.io' || host === 'registry-1.docker.io' ? 'index.docker.io' : host;
}
