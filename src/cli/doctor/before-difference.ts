import { diffLines } from 'diff';
import { maskValues } from '../../diagnostics/masked-values.ts';
import { plain } from '../../diagnostics/plain.ts';
import type { Snapshot } from '../../node/snapshot.ts';

/** How what is planned for a path differs from what is there. */
export interface Difference {
  /** In words, to be read after "is replaced". */
  readonly text: string;
  /** Of two texts. */
  readonly linesAdded?: number;
  readonly linesRemoved?: number;
}

/** Files whose lines may be shown, their values masked: others may hold passwords and keys. */
const SHOWN =
  /^\/etc\/(?:containers|crio)\/.*\.conf$|\/credential-providers?\/[^/]+\.ya?ml$|\/credential-provider-config\.ya?ml$/;

const LONGEST_LINE = 60;
const LONGEST_DIFF_MS = 2_000;

/** Sums a difference up; the first line that goes is shown where it cannot be a secret. */
export function differenceOf(path: string, current: Snapshot, after: Snapshot): Difference {
  if (current.kind !== 'file' || after.kind !== 'file') {
    return { text: `${described(current)} becomes ${described(after)}` };
  }
  const mode =
    current.mode === after.mode ? [] : [`mode ${octal(current.mode)} becomes ${octal(after.mode)}`];
  if (Buffer.compare(current.bytes, after.bytes) === 0) return { text: mode.join() };
  const { text, ...counts } = lineDifference(path, current.bytes, after.bytes);
  return { text: [text, ...mode].join(', '), ...counts };
}

function lineDifference(path: string, current: Uint8Array, after: Uint8Array): Difference {
  const parts = diffLines(textOf(current), textOf(after), { timeout: LONGEST_DIFF_MS }) ?? [];
  const removed = parts.filter((part) => part.removed);
  const linesRemoved = removed.reduce((sum, { count }) => sum + count, 0);
  const linesAdded = parts.filter((part) => part.added).reduce((sum, { count }) => sum + count, 0);
  if (linesAdded + linesRemoved === 0) return { text: 'its content differs' };
  const lost = removed[0]?.value.trim().split('\n')[0]?.trim().slice(0, LONGEST_LINE);
  const example =
    lost === undefined || !SHOWN.test(path) ? '' : `, the first of them ${plain(lost)}`;
  return {
    text: `${linesAdded} lines come and ${linesRemoved} go${example}`,
    linesAdded,
    linesRemoved,
  };
}

function textOf(bytes: Uint8Array): string {
  return maskValues(new TextDecoder().decode(bytes));
}

function described(snapshot: Snapshot): string {
  switch (snapshot.kind) {
    case 'absent':
      return 'nothing';
    case 'link':
      return `a link to ${plain(snapshot.target)}`;
    default:
      return `a ${snapshot.kind}`;
  }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
