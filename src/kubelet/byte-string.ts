import { goQuote } from './go-quote.ts';

const WELL_FORMED_OR_BYTE =
  /(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})+|[\x80-\xff]/g;

/** A text's bytes in UTF-8, as characters U+0000 to U+00FF: Go's strings, which may be cut anywhere. */
export function bytesOf(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** The text that such bytes stand for; what is no UTF-8 becomes U+FFFD. */
export function textOfBytes(bytes: string): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Such bytes as Go's `%q` prints them: what is no UTF-8 byte by byte, as `\x..`. */
export function quoteBytes(bytes: string): string {
  const quoted = bytes.replace(WELL_FORMED_OR_BYTE, (part) =>
    part.length === 1 && !isAscii(part)
      ? `\\x${part.charCodeAt(0).toString(16)}`
      : goQuote(textOfBytes(part)).slice(1, -1),
  );
  return `"${quoted}"`;
}

export function isAscii(text: string): boolean {
  return !/[^\x00-\x7f]/.test(text);
}
