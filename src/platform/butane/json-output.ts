import type { JsonObject } from './ignition-output.ts';

const INDENT = 2;

/** JSON as Go writes it, which keeps HTML's characters out of strings. */
export function jsonOutput(value: JsonObject, isPretty: boolean): string {
  return JSON.stringify(value, null, isPretty ? INDENT : undefined).replace(
    /[<>&\u2028\u2029]|\\[bf]/g,
    (character) => `\\u${codeOf(character).toString(16).padStart(4, '0')}`,
  );
}

function codeOf(character: string): number {
  if (character === '\\b') return 8;
  return character === '\\f' ? 12 : character.charCodeAt(0);
}
