import { compareBytes } from '../kubelet/byte-order.ts';
import type { RegistriesConfig } from './load.ts';
import type { Registry } from './registry.ts';

/**
 * The registry whose prefix matches a name (or a full reference, which a prefix with tag or digest
 * needs) and is the longest, in bytes; of two equally long ones the one first in byte order, which
 * is the wildcard. Undefined where none matches.
 */
export function findRegistry(config: RegistriesConfig, name: string): Registry | undefined {
  let found: Registry | undefined;
  for (const registry of config.registries) {
    if (matchedLength(name, registry.prefix) === undefined) continue;
    if (found === undefined || precedence(registry.prefix, found.prefix) > 0) found = registry;
  }
  return found;
}

/**
 * How much of a name or reference a prefix covers, in UTF-16 units; undefined where it does not
 * match. What follows must begin with `/`, `:` or `@`, so a host without port covers that host with
 * any port. `*.example.com` covers the host up to the first `.example.com` in it.
 */
export function matchedLength(reference: string, prefix: string): number | undefined {
  if (prefix === '') return undefined;
  const end = prefix.startsWith('*.')
    ? wildcardEnd(reference, prefix)
    : plainEnd(reference, prefix);
  if (end === undefined || end === reference.length) return end;
  return isBoundary(reference[end]) ? end : undefined;
}

function plainEnd(reference: string, prefix: string): number | undefined {
  return reference.startsWith(prefix) ? prefix.length : undefined;
}

function wildcardEnd(reference: string, prefix: string): number | undefined {
  const suffix = prefix.slice(1);
  const start = reference.indexOf(suffix);
  if (start === -1 || reference.slice(0, start).includes('/')) return undefined;
  return start + suffix.length;
}

function isBoundary(character: string | undefined): boolean {
  return character === '/' || character === ':' || character === '@';
}

/** Positive where the first prefix goes before the second. */
function precedence(a: string, b: string): number {
  return Buffer.byteLength(a) - Buffer.byteLength(b) || compareBytes(b, a);
}
