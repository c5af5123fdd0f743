import { quote } from '../diagnostics/quote.ts';
import { ConfProblem, type Position } from './errors.ts';
import { type IntegerToken, syntaxOf } from './second-parser.ts';

const LARGEST_INTEGER = 2n ** 63n - 1n;
const SMALLEST_INTEGER = -(2n ** 63n);

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
  if (error !== undefined) {
    const reason = isLargeInteger(firstError) ? error.reason : reasonOf(firstError);
    throw syntaxAt(text, error.offset, reason);
  }
  const tooLarge = largeIntegers.find(
    ({ value }) => value > LARGEST_INTEGER || value < SMALLEST_INTEGER,
  );
  if (tooLarge !== undefined) {
    throw syntaxAt(text, tooLarge.start, 'an integer beyond 64 bits; write a smaller one');
  }
  try {
    return Bun.TOML.parse(withoutIntegers(text, largeIntegers));
  } catch (secondError) {
    throw syntaxAt(text, undefined, reasonOf(secondError));
  }
}

/** TOML allows 64 bits, so this refusal says nothing about the text. */
function isLargeInteger(error: unknown): boolean {
  return reasonOf(error).startsWith('Integer cannot be losslessly represented');
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

/** The offset is the second parser's, which lets a lone CR pass and finds the end of a line only in the next one. */
function syntaxAt(text: string, offset: number | undefined, reason: string): ConfProblem {
  if (reason.startsWith('Bare carriage return')) {
    return syntax(reason, positionAt(text, text.search(/\r(?!\n)/)));
  }
  if (offset === undefined) return syntax(reason, undefined);
  const isAtLineEnd =
    /found (\(0x0A\)|end of file)|^Missing value|^Un(?:specified|terminated)/.test(reason);
  return syntax(reason, positionAt(text, isAtLineEnd ? endOfContent(text, offset) : offset));
}

function endOfContent(text: string, offset: number): number {
  return text.slice(0, offset).trimEnd().length;
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

/** Bun's words hold pieces of the file as they are. */
function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return 'arrays or tables are nested too deeply';
  const message = error instanceof Error ? error.message : String(error);
  const reason = message.replace(/^TOML Parse error: /, '');
  return reason.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (hidden) => quote(hidden).slice(1, -1));
}

function syntax(reason: string, position: Position | undefined): ConfProblem {
  return new ConfProblem('toml-syntax', `not valid TOML: ${reason}`, position);
}
