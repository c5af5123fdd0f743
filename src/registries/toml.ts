import { quote } from '../diagnostics/quote.ts';
import { ConfProblem, type Position } from './errors.ts';
import { type IntegerToken, syntaxOf } from './second-parser.ts';

const LARGEST_INTEGER = 2n ** 63n - 1n;
const SMALLEST_INTEGER = -(2n ** 63n);

/**
 * The text of a TOML file; its byte-order mark stays, for the parsers know it, but one of UTF-16
 * before what is otherwise UTF-8 is forgiven, as by the library. Throws a ConfProblem.
 */
export function decodeText(bytes: Uint8Array): string {
  const isMarkedUtf16 =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const content = isMarkedUtf16 ? bytes.subarray(2) : bytes;
  if (content.subarray(0, 6).includes(0)) {
    throw syntax('the file has NUL bytes, as UTF-16 has; save it as UTF-8', { line: 1, column: 1 });
  }
  const text = utf8TextOf(content);
  if (text === undefined) {
    throw syntax('the file is not valid UTF-8; save it as UTF-8', invalidUtf8(content));
  }
  return text;
}

/**
 * Parses TOML 1.1. Bun's parser is fast and, by toml-test, strict, but it knows no places and
 * refuses integers beyond 2^53, which TOML allows; the second parser mends both, for the files
 * that fail only. Throws a ConfProblem of class `toml-syntax`.
 */
export function parseToml(text: string): unknown {
  try {
    return Bun.TOML.parse(text);
  } catch (error) {
    return parseAgain(text, error);
  }
}

function parseAgain(text: string, firstError: unknown): unknown {
  const { error, largeIntegers } = syntaxOf(text);
  if (error !== undefined) throw syntax(reasonOf(firstError), error);
  const tooLarge = largeIntegers.find(
    ({ value }) => value > LARGEST_INTEGER || value < SMALLEST_INTEGER,
  );
  if (tooLarge !== undefined) throw syntax(reasonOf(firstError), tooLarge);
  try {
    return Bun.TOML.parse(withoutIntegers(text, largeIntegers));
  } catch (secondError) {
    throw syntax(reasonOf(secondError), bareCarriageReturn(text));
  }
}

/** No setting of registries.conf is a number, so any integer is as good, or as wrong, as 0. */
function withoutIntegers(text: string, integers: readonly IntegerToken[]): string {
  let kept = '';
  let end = 0;
  for (const integer of integers) {
    kept += `${text.slice(end, integer.start)}0`;
    end = integer.end;
  }
  return kept + text.slice(end);
}

/** The one thing that the second parser lets pass. */
function bareCarriageReturn(text: string): Position | undefined {
  const found = text.search(/\r(?!\n)/);
  if (found === -1) return undefined;
  const before = text.slice(0, found).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
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

/** Bun's words hold pieces of the file as they are. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const reason = message.replace(/^TOML Parse error: /, '');
  return reason.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (hidden) => quote(hidden).slice(1, -1));
}

function syntax(reason: string, position: Position | undefined): ConfProblem {
  return new ConfProblem('toml-syntax', `not valid TOML: ${reason}`, position);
}
