import { ConfProblem, type Position } from './errors.ts';

/**
 * The text of a TOML file; its byte-order mark stays, for the parsers know it, but one of UTF-16
 * before what is otherwise UTF-8 is forgiven, as by the library. Throws a ConfProblem.
 */
export function decodeText(bytes: Uint8Array): string {
  const isMarkedUtf16 =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const content = isMarkedUtf16 ? bytes.subarray(2) : bytes;
  if (content.subarray(0, 6).includes(0)) {
    throw wrong('the file has NUL bytes, as UTF-16 has; save it as UTF-8', { line: 1, column: 1 });
  }
  if (isMarkedUtf16 && content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf) {
    throw wrong('the file begins with two byte-order marks; remove them', { line: 1, column: 1 });
  }
  const text = utf8TextOf(content);
  if (text === undefined) {
    throw wrong('the file is not valid UTF-8; save it as UTF-8', invalidUtf8(content));
  }
  return text;
}

function utf8TextOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function invalidUtf8(bytes: Uint8Array): Position | undefined {
  for (let line = 1, start = 0; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    if (utf8TextOf(bytes.subarray(start, end)) === undefined) return { line, column: 1 };
    start = end + 1;
  }
  return undefined;
}

function wrong(message: string, position: Position | undefined): ConfProblem {
  return new ConfProblem('toml-syntax', message, position);
}
