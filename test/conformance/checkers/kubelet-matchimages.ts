import { matchImage } from '../../../src/kubelet/match-images.ts';
import { difference } from '../difference.ts';
import type { ConformanceCase } from '../suite.ts';

interface MatchCase extends ConformanceCase {
  readonly pattern: string;
  readonly image: string;
  readonly expect: { readonly matched: boolean; readonly error?: string };
}

/** One pattern and image: the answer, and the error's text to the letter. */
export function checkMatchImages(recorded: ConformanceCase): string | undefined {
  const { pattern, image, expect } = recorded as MatchCase;
  return difference(matchImage(pattern, image), expect);
}
