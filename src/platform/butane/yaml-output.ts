import type { Json, JsonObject } from './ignition-output.ts';
import { quotedScalar } from './yaml-scalar.ts';

const INDENT = 2;

/** YAML as yaml.v3 writes it: sorted keys, two spaces, lists indented below their key. */
export function yamlOutput(value: JsonObject): string {
  return mapLines(value, 0).join('\n');
}

function mapLines(map: JsonObject, indent: number): string[] {
  const keys = Object.keys(map).sort(naturally);
  return keys.flatMap((key) => {
    const name = `${' '.repeat(indent)}${quotedScalar(key, 0, 'key')}:`;
    return placed(name, map[key] ?? '', indent + INDENT);
  });
}

/** Behind its key or dash a scalar stands on the same line, anything else below. */
function placed(before: string, value: Json, indent: number): string[] {
  if (isList(value)) {
    return value.length === 0
      ? [`${before} []`]
      : [before, ...value.flatMap((item) => itemLines(item, indent))];
  }
  if (typeof value === 'object') {
    const lines = mapLines(value, indent);
    return lines.length === 0 ? [`${before} {}`] : [before, ...lines];
  }
  return [`${before} ${typeof value === 'string' ? quotedScalar(value, indent, 'value') : value}`];
}

function itemLines(item: Json, indent: number): string[] {
  const dash = `${' '.repeat(indent)}-`;
  if (typeof item !== 'object' || isList(item)) return placed(dash, item, indent + INDENT);
  const [first, ...rest] = mapLines(item, indent + INDENT);
  return first === undefined ? [`${dash} {}`] : [`${dash} ${first.trimStart()}`, ...rest];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** The order of yaml.v3 (sorter.go): numbers inside keys count as numbers, letters come after the rest. */
function naturally(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  const at = a.findIndex((character, index) => character !== b[index]);
  if (at === -1 || at >= b.length) return a.length - b.length;
  const [first = '', second = ''] = [a[at], b[at]];
  const areLetters = [isLetter(first), isLetter(second)];
  if (areLetters[0] === true && areLetters[1] === true) return codeOf(first) - codeOf(second);
  if (areLetters.includes(true)) {
    const isAfterDigit = isDigit(a[at - 1] ?? '');
    return areLetters[0] === isAfterDigit ? -1 : 1;
  }
  const isInsideNumber = /[1-9]\d*$/.test(a.slice(0, at).join(''));
  const leading = isInsideNumber && [first, second].includes('0') ? '1' : '';
  return (
    compareNumbers(leading + digitsAt(a, at), leading + digitsAt(b, at)) ||
    codeOf(first) - codeOf(second)
  );
}

function digitsAt(characters: readonly string[], at: number): string {
  return /^[0-9]*/.exec(characters.slice(at).join(''))?.[0] ?? '';
}

/** By value, then the shorter first. */
function compareNumbers(a: string, b: string): number {
  const [left, right] = [BigInt(a || '0'), BigInt(b || '0')];
  if (left !== right) return left < right ? -1 : 1;
  return a.length - b.length;
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function isLetter(character: string): boolean {
  return /^\p{L}$/u.test(character);
}

function isDigit(character: string): boolean {
  return /^[0-9]$/.test(character);
}
