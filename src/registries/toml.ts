import { mayHoldHugeNumber } from '../diagnostics/huge-number.ts';
import { quote } from '../diagnostics/quote.ts';
import { ConfProblem, type Position } from './errors.ts';
import { type IntegerToken, type Syntax, syntaxOf } from './second-parser.ts';

const FLOAT_PERHAPS_OUT_OF_RANGE = /[=[,\s][-+]?\d[\d_.]*[eE]\+?[\d_]{3}|[=[,\s][-+]?\d[\d_]{308}/;

/**
 * Parses TOML 1.1. Bun's parser is fast and, by toml-test, strict, but it knows no places, refuses
 * integers beyond 2^53, which TOML allows, and takes a float beyond 64 bits for infinity; the second
 * parser mends all three, for the files that need it only. Throws a ConfProblem of class `toml-syntax`.
 */
export function parseToml(text: string): unknown {
  let parsed: unknown;
  try {
    parsed = Bun.TOML.parse(text);
  } catch (error) {
    return parseAgain(text, error);
  }
  if (mayHoldHugeNumber(text) && FLOAT_PERHAPS_OUT_OF_RANGE.test(text)) {
    checkRange(text, syntaxOf(text));
  }
  return parsed;
}

function parseAgain(text: string, firstError: unknown): unknown {
  const found = syntaxOf(text);
  if (found.error !== undefined) {
    const reason = isLargeInteger(firstError) ? found.error.reason : reasonOf(firstError);
    throw syntaxAt(text, found.error.offset, reason);
  }
  checkRange(text, found);
  try {
    return Bun.TOML.parse(withoutIntegers(text, found.largeIntegers));
  } catch (secondError) {
    throw syntaxAt(text, undefined, reasonOf(secondError));
  }
}

function checkRange(text: string, { outOfRange }: Syntax): void {
  if (outOfRange === undefined) return;
  throw syntaxAt(text, outOfRange, 'a number beyond 64 bits; write a smaller one');
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
  if (offset === undefined || reason.startsWith('Bare carriage return')) {
    const carriageReturn = text.search(/\r(?!\n)/);
    return syntax(reason, carriageReturn < 0 ? undefined : positionAt(text, carriageReturn));
  }
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
