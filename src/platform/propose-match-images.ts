import { quote } from '../diagnostics/quote.ts';
import { compareBytes } from '../kubelet/byte-order.ts';
import { patternError } from '../kubelet/match-images.ts';
import type { Registry } from '../registries/registry.ts';

/** A `matchImages` entry, with what one should know of it. */
export interface ProposedPattern {
  readonly pattern: string;
  readonly remark?: string;
}

/** Patterns for the mirrored and remapped prefixes of registries.conf, and why others have none. */
export interface Proposal {
  readonly patterns: readonly ProposedPattern[];
  /** A sentence for each prefix that is left out. */
  readonly leftOut: readonly string[];
}

/**
 * Proposes for which images the kubelet should run the mirror provider: those whose registry has
 * mirrors or another location. Sorted; a pattern is a prefix's text, because the kubelet too takes a
 * path for a prefix.
 */
export function proposeMatchImages(registries: readonly Registry[]): Proposal {
  const patterns: ProposedPattern[] = [];
  const leftOut: string[] = [];
  const sorted = registries
    .filter(isRewritten)
    .sort((one, other) => compareBytes(one.prefix, other.prefix));
  for (const registry of sorted) {
    const reason = reasonToLeaveOut(registry);
    if (reason === undefined) patterns.push(proposed(registry.prefix));
    else leftOut.push(`${quote(registry.prefix)} is left out: ${reason}`);
  }
  return { patterns, leftOut };
}

function isRewritten({ prefix, location, mirrors }: Registry): boolean {
  return mirrors.length > 0 || (location !== '' && location !== prefix);
}

function reasonToLeaveOut({ prefix, blocked }: Registry): string | undefined {
  if (blocked) return 'it is blocked';
  // The kubelet asks with the repository's name alone.
  if (/@|:[^/]*$/.test(prefix.replace(/^[^/]*/, ''))) return 'it names a tag or digest';
  const error = patternError(prefix);
  return error === undefined ? undefined : `the kubelet cannot parse it (${error})`;
}

function proposed(prefix: string): ProposedPattern {
  if (!prefix.startsWith('*.')) return { pattern: prefix };
  return {
    pattern: prefix,
    remark:
      `in registries.conf ${prefix} covers names of any depth, here of one label: ` +
      `add *.${prefix} for the next`,
  };
}
