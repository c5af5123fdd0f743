import { isPlainAscii } from './plain-ascii.ts';
import { quote } from './quote.ts';

/**
 * A value from outside that normally needs no quotes, such as a path or an image: as it is, or
 * quoted where it is empty or holds blanks or anything that `quote()` escapes or cuts.
 */
export function plain(value: string): string {
  const quoted = quote(value);
  return isWord(value) && quoted === `"${value}"` ? value : quoted;
}

function isWord(value: string): boolean {
  if (isPlainAscii(value)) return value !== '' && !value.includes(' ');
  return /^\S+$/.test(value);
}
