import { type Candidate, type Choice, writtenKey } from './choose.ts';
import type { Target } from './match.ts';
import { type NearMiss, nearMiss } from './near-miss.ts';

/** What one entry of a pull secret is to one target of a pull. */
export type TargetVerdict =
  | { readonly kind: 'chosen' }
  | { readonly kind: 'unusable'; readonly problem: string }
  | { readonly kind: 'less-specific' }
  | { readonly kind: 'overridden'; readonly bySecret: string; readonly byKey: string }
  | { readonly kind: 'near-miss'; readonly miss: NearMiss }
  /** It is for another place of this pull: another endpoint, or the image's own name. */
  | { readonly kind: 'other-target'; readonly references: readonly string[] }
  | { readonly kind: 'other-registry' };

/**
 * Says of an entry why a target got its credential or not. `usedKey` is the key of the auth file that
 * containers/image finds for the target, if any.
 */
export function verdictFor(
  target: Target,
  { secret, candidate }: { readonly secret: string; readonly candidate: Candidate },
  { chosen }: Choice,
  usedKey: string | undefined,
): TargetVerdict {
  const { key, registryKey, matches, verdict } = candidate;
  if (!matches.some(({ reference }) => reference === target.reference)) {
    const references = matches.map(({ reference }) => reference);
    if (references.length > 0) return { kind: 'other-target', references };
    const miss = nearMiss(key, target);
    return miss === undefined ? { kind: 'other-registry' } : { kind: 'near-miss', miss };
  }
  if (verdict.kind === 'unusable') return verdict;
  const written = writtenKey(registryKey, target);
  const holder = chosen.get(written);
  if (holder !== undefined && (holder.secret !== secret || holder.secretKey !== key)) {
    return { kind: 'overridden', bySecret: holder.secret, byKey: holder.secretKey };
  }
  return written === usedKey ? { kind: 'chosen' } : { kind: 'less-specific' };
}
