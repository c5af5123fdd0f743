import { utf8Bytes } from './utf8.ts';

/**
 * Whether a text is printable ASCII without quotes and backslashes, as nearly every value is: then nothing in
 * it is to be escaped. The JSON encoder is asked, because a regular expression takes a plugin 0.05 ms to
 * compile.
 */
export function isPlainAscii(text: string): boolean {
  const escaped = JSON.stringify(text).length - 2;
  return (
    escaped === text.length && utf8Bytes(text).length === text.length && !text.includes('\x7f')
  );
}
