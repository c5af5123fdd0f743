import type { AST, ParseError } from 'toml-eslint-parser';
import { foldCase } from '../diagnostics/fold-case.ts';
import type { Position } from './errors.ts';

type Key = string | number;

/** `start` and `end` are offsets into the text. */
export interface IntegerToken {
  readonly start: number;
  readonly end: number;
}

export interface Syntax {
  /** The offset at which the text stops being TOML, and why; undefined where nothing was found. */
  readonly error: { readonly offset: number; readonly reason: string } | undefined;
  /** The integers that a JavaScript number cannot hold. */
  readonly largeIntegers: readonly IntegerToken[];
  /** The offset of the first number that TOML does not allow, since 64 bits cannot hold it. */
  readonly outOfRange: number | undefined;
}

const LARGEST_INTEGER = 2n ** 63n - 1n;
const SMALLEST_INTEGER = -(2n ** 63n);

/** What is known of a text that the first parser refused. */
export function syntaxOf(text: string): Syntax {
  try {
    const { tokens } = treeOf(text);
    return {
      error: undefined,
      largeIntegers: tokens.flatMap(largeInteger),
      outOfRange: tokens.find(isOutOfRange)?.range[0],
    };
  } catch (error) {
    const found = isParseError(error) ? { offset: error.index, reason: error.message } : undefined;
    return { error: found, largeIntegers: [], outOfRange: undefined };
  }
}

/**
 * Where a value stands, or else the nearest table around it that stands in the text; undefined
 * where nothing of the path does, or the text is not TOML.
 */
export function positionOfKeys(text: string, keys: readonly Key[]): Position | undefined {
  return keyPositions(text)(keys);
}

/** The same for many values of one text, which is parsed once, when the first is asked for. */
export function keyPositions(text: string): (keys: readonly Key[]) => Position | undefined {
  let known: readonly Place[] | undefined;
  return (keys) => {
    known ??= placesIn(text);
    return nearest(known, keys);
  };
}

function placesIn(text: string): readonly Place[] {
  try {
    return [...places(treeOf(text))];
  } catch {
    return [];
  }
}

/** A key or array element with all keys down to it. */
interface Place {
  readonly keys: readonly Key[];
  readonly node: AST.HasLocs;
}

// Loading is synchronous, and only a file with an error pays for loading this parser.
function treeOf(text: string): AST.TOMLProgram {
  const parser: typeof import('toml-eslint-parser') = require('toml-eslint-parser');
  return parser.parseTOML(text.replace(/^\ufeff/, ' '), { tomlVersion: '1.1' });
}

function largeInteger(token: AST.Token): IntegerToken[] {
  if (token.type !== 'Integer' || Number.isSafeInteger(token.number)) return [];
  const [start, end] = token.range;
  return [{ start, end }];
}

/** Of a float TOML says only that it has 64 bits; the library refuses one that becomes infinite in them. */
function isOutOfRange(token: AST.Token): boolean {
  if (token.type === 'Integer') {
    return token.bigint > LARGEST_INTEGER || token.bigint < SMALLEST_INTEGER;
  }
  return token.type === 'Float' && Math.abs(token.number) === Infinity && /\d/.test(token.value);
}

function nearest(all: Iterable<Place>, wanted: readonly Key[]): Position | undefined {
  let best: AST.HasLocs | undefined;
  let deepest = 0;
  for (const { keys, node } of all) {
    const depth = Math.min(keys.length, wanted.length);
    if (depth <= deepest || !sameStart(keys, wanted, depth)) continue;
    best = node;
    deepest = depth;
  }
  return best === undefined ? undefined : startOf(best);
}

function sameStart(keys: readonly Key[], wanted: readonly Key[], length: number): boolean {
  for (let index = 0; index < length; index += 1) {
    if (fold(keys[index]) !== fold(wanted[index])) return false;
  }
  return true;
}

function fold(key: Key | undefined): Key | undefined {
  return typeof key === 'string' ? foldCase(key) : key;
}

function* places(tree: AST.TOMLProgram): Generator<Place> {
  for (const node of tree.body[0].body) {
    if (node.type === 'TOMLKeyValue') {
      yield* keyValuePlaces(node, []);
      continue;
    }
    yield { keys: node.resolvedKey, node };
    for (const keyValue of node.body) yield* keyValuePlaces(keyValue, node.resolvedKey);
  }
}

function* keyValuePlaces(node: AST.TOMLKeyValue, within: readonly Key[]): Generator<Place> {
  const own = node.key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value));
  const keys = [...within, ...own];
  yield { keys, node };
  yield* valuePlaces(node.value, keys);
}

function* valuePlaces(node: AST.TOMLContentNode, keys: readonly Key[]): Generator<Place> {
  if (node.type === 'TOMLInlineTable') {
    for (const keyValue of node.body) yield* keyValuePlaces(keyValue, keys);
  }
  if (node.type !== 'TOMLArray') return;
  for (const [index, element] of node.elements.entries()) {
    yield { keys: [...keys, index], node: element };
    yield* valuePlaces(element, [...keys, index]);
  }
}

function startOf({ loc }: AST.HasLocs): Position {
  return { line: loc.start.line, column: loc.start.column + 1 };
}

function isParseError(error: unknown): error is ParseError {
  return error instanceof SyntaxError && 'index' in error;
}
