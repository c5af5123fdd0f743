import { expect } from 'bun:test';
import type { PluginResult } from './node.ts';

/** A password that occurs nowhere else, so that it is recognised wherever it turns up. */
export const PASSWORD = 'Sesame-4711-open-up';

/** Base64 of the password where it starts at each of the three places within a group of four. */
const ENCODED_PASSWORDS = ['', 'u', 'u:'].map((before) =>
  Buffer.from(`${before}${PASSWORD}`).toString('base64').slice(4, -4),
);

/** What must not be printed, and why. Every JSON document in base64, tokens too, begins with `eyJ`. */
const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a password', new RegExp(PASSWORD)],
  ['an auth value', new RegExp(ENCODED_PASSWORDS.join('|'))],
  ['a token or a Secret’s data', /eyJ[\w-]{6,}/],
  ['a request header', /\b(?:Authorization|Bearer)\b/i],
  ['a stack trace', /^\s*at .+[:(]|\bnode:[a-z]+:\d|\$bunfs|^\s*\d+ \| /m],
  ['a crash of the runtime', /bun\.report|panic|Segmentation fault|Bun v\d/],
];

/** Asserts that a run printed no secret, no stack trace, and no line but those of its log. */
export function expectNoSecrets({ stdout, stderr }: PluginResult): void {
  const output = `${stdout}\n${stderr}`;
  const found = FORBIDDEN.filter(([, pattern]) => pattern.test(output)).map(([what]) => what);
  expect({ found, output: found.length > 0 ? output : '' }).toEqual({ found: [], output: '' });
}
