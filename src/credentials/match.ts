import { type RegistryKey, registryHost } from './registry-key.ts';

/** Where a pull goes: a repository's name (`host[:port]/path`) that CRI-O may ask. */
export interface Target {
  readonly reference: string;
  /** As written, because containers/image looks keys up by exact text. */
  readonly host: string;
  readonly path: readonly string[];
}

/** Takes a repository's name apart for matching. */
export function targetOf(reference: string): Target {
  const [host = '', ...path] = reference.split('/');
  return { reference, host, path };
}

/**
 * Whether a key is for a target: host and port are equal (`*` stands for any text within one label,
 * as in the kubelet's matchImages) and the key's path is a prefix by whole components.
 */
export function keyMatches(key: RegistryKey, target: Target): boolean {
  return hostMatches(key.host, registryHost(target.host)) && pathMatches(key.path, target.path);
}

/** Whether a host holds a wildcard. */
export function isWildcard(host: string): boolean {
  return host.includes('*');
}

/** Whether a host of a key, perhaps with wildcards, is the given host; both in lower case. */
export function hostMatches(pattern: string, host: string): boolean {
  if (pattern === '') return false;
  if (pattern === host) return true;
  if (!isWildcard(pattern)) return false;
  const [patternName = '', patternPort] = splitPort(pattern);
  const [name = '', port] = splitPort(host);
  if (patternPort !== port) return false;
  const patternLabels = patternName.split('.');
  const labels = name.split('.');
  return (
    patternLabels.length === labels.length &&
    patternLabels.every((label, index) => labelMatches(label, labels[index] ?? ''))
  );
}

/** A host's name and its port, which begins at the first colon, so that no wildcard ever covers one. */
export function splitPort(host: string): [string, string | undefined] {
  const colon = host.indexOf(':');
  return colon === -1 ? [host, undefined] : [host.slice(0, colon), host.slice(colon + 1)];
}

/** Greedy from both ends, then each piece at its first place: linear, however many stars. */
function labelMatches(pattern: string, label: string): boolean {
  const pieces = pattern.split('*');
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return pattern === label;
  const last = pieces.at(-1) ?? '';
  if (label.length < first.length + last.length) return false;
  if (!label.startsWith(first) || !label.endsWith(last)) return false;
  let rest = label.slice(first.length, label.length - last.length);
  for (const piece of pieces.slice(1, -1)) {
    const at = rest.indexOf(piece);
    if (at === -1) return false;
    rest = rest.slice(at + piece.length);
  }
  return true;
}

/** Whether a path begins with a prefix, by whole components. */
export function pathMatches(prefix: readonly string[], path: readonly string[]): boolean {
  if (prefix.length > path.length) return false;
  for (let index = 0; index < prefix.length; index += 1) {
    if (prefix[index] !== path[index]) return false;
  }
  return true;
}
