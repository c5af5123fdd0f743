import { gzipSync } from 'node:zlib';

const PREFIX = 'data:';
/** Go's gzip ends with an empty block that zlib's does not write. */
const GO_GZIP_EXCESS = 3;
const UNRESERVED = /^[A-Za-z0-9\-_.!~*'()]$/;
const ESCAPES = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return UNRESERVED.test(character) ? character : `%${hexOf(byte)}`;
});

export interface DataUrl {
  readonly url: string;
  /** What goes into the resource's `compression`; undefined leaves there what the config says. */
  readonly compression: '' | 'gzip' | undefined;
}

/**
 * The shortest of percent-escaped, base64 and gzipped base64, as Butane chooses (base/util/url.go):
 * gzip counts 4 characters more, for the word. Contents that the config calls compressed already are
 * never compressed. Whether gzip is the shortest is judged by the size that Go's would have, so that
 * both tools come to the same choice.
 */
export function dataUrl(
  contents: Uint8Array,
  given: string | undefined,
  mayCompress: boolean,
): DataUrl {
  const shortest = shorter(escaped(contents), base64(contents));
  if (given !== undefined && given !== '')
    return { url: PREFIX + shortest, compression: undefined };
  if (mayCompress) {
    const compressed = gzipSync(contents, { level: 9 });
    const size = base64Length(compressed.length + GO_GZIP_EXCESS) + 'gzip'.length;
    if (size < shortest.length) {
      return { url: PREFIX + base64(compressed), compression: 'gzip' };
    }
  }
  return { url: PREFIX + shortest, compression: '' };
}

function escaped(contents: Uint8Array): string {
  let text = ',';
  for (const byte of contents) text += ESCAPES[byte];
  return text;
}

function base64(contents: Uint8Array): string {
  return `;base64,${contents.toBase64()}`;
}

function base64Length(byteLength: number): number {
  return ';base64,'.length + Math.ceil(byteLength / 3) * 4;
}

function shorter(first: string, second: string): string {
  return second.length < first.length ? second : first;
}

function hexOf(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
