import { compareBytes } from '../kubelet/byte-order.ts';
import type { MirrorEndpoint, MirroredRegistry } from './registries-conf.ts';

/** The mirrors of one source in an ImageDigestMirrorSet, ImageTagMirrorSet or ImageContentSourcePolicy. */
export interface MirrorSet {
  readonly source: string;
  readonly mirrors: readonly string[];
  readonly pullFromMirror: 'digest-only' | 'tag-only';
  /** `mirrorSourcePolicy: NeverContactSource`. */
  readonly neverContactSource: boolean;
}

/**
 * The registries of some mirror sets, as a cluster renders them: sorted by source, several sets of one
 * source merged so that each one's order stays, mirrors for digests before those for tags. A set
 * without another mirror than its source says nothing.
 */
export function mergeMirrorSets(sets: readonly MirrorSet[]): readonly MirroredRegistry[] {
  const real = sets.filter(({ source, mirrors }) => mirrors.some((mirror) => mirror !== source));
  const sources = [...new Set(real.map(({ source }) => source))].sort(compareBytes);
  return sources.map((source) => {
    const own = real.filter((set) => set.source === source);
    return {
      prefix: source,
      mirrors: [...endpoints(own, 'digest-only'), ...endpoints(own, 'tag-only')],
      blocked: own.some(({ neverContactSource }) => neverContactSource),
    };
  });
}

function endpoints(
  sets: readonly MirrorSet[],
  pullFromMirror: MirrorSet['pullFromMirror'],
): readonly MirrorEndpoint[] {
  const merged: string[] = [];
  for (const set of sets.filter((one) => one.pullFromMirror === pullFromMirror)) {
    insertKeepingOrder(merged, set.mirrors);
  }
  const source = sets[0]?.source;
  // The source is asked last anyway.
  if (merged.at(-1) === source) merged.pop();
  return merged.map((location) => ({ location, pullFromMirror }));
}

/** (B, C) with (A, B) becomes (A, B, C): what is new goes before what follows it. */
function insertKeepingOrder(merged: string[], mirrors: readonly string[]): void {
  let before = merged.length;
  for (const mirror of mirrors.toReversed()) {
    const known = merged.indexOf(mirror);
    if (known < 0) merged.splice(before, 0, mirror);
    else before = known;
  }
}
