import { isPlainAscii } from './plain-ascii.ts';

const LONGEST_QUOTED = 300;

/** `//user:password@` of a URL, or `user:password@` at the start, which no tag before a digest is. */
const USER_INFO = /(\/\/)[^/\s@]*@|^[^/\s@:]*:[^/\s@]*@(?!sha\d+:)/g;

/**
 * A value from outside as it may appear in a message or log line: in double quotes, with quotes,
 * backslashes, control, format and other invisible characters escaped, and cut to 300 characters,
 * so that it can neither forge a line nor flood the log. User and password in a URL are masked.
 */
export function quote(given: string): string {
  const value = given.includes('@') ? given.replace(USER_INFO, '$1…@') : given;
  if (value.length <= LONGEST_QUOTED && isPlainAscii(value)) return `"${value}"`;
  const shown = value.length > LONGEST_QUOTED ? value.slice(0, LONGEST_QUOTED) : value;
  const escaped = shown.replace(/["\\]|[\p{C}\p{Zl}\p{Zp}]/gu, escapeCharacter);
  return value.length > shown.length
    ? `"${escaped}…" (${value.length} characters)`
    : `"${escaped}"`;
}

function escapeCharacter(character: string): string {
  switch (character) {
    case '"':
    case '\\':
      return `\\${character}`;
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
  }
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
}
