import { isDeepStrictEqual } from 'node:util';

/** Undefined where both are equal, else a line that shows the two. */
export function difference(got: unknown, expected: unknown): string | undefined {
  if (isDeepStrictEqual(got, expected)) return undefined;
  return `got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`;
}
