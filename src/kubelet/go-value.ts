import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { compareBytes } from './byte-order.ts';
import { goFloat } from './go-float.ts';
import { goQuote } from './go-quote.ts';

/** A decoded JSON value as Go's `%v` prints it. */
export function goValue(value: unknown): string {
  if (value === null) return '<nil>';
  if (typeof value === 'number') return goNumber(value);
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`;
  if (!isJsonObject(value)) return String(value);
  return `map[${sorted(value)
    .map(([name, inner]) => `${name}:${goValue(inner)}`)
    .join(' ')}]`;
}

/** The same as `%#v` prints it. */
export function goSyntax(value: unknown): string {
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return goQuote(value);
  if (typeof value === 'number') return goNumber(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (!isJsonObject(value)) return String(value);
  const inner = sorted(value).map(([name, field]) => `${goQuote(name)}:${goSyntax(field)}`);
  return `map[string]interface {}{${inner.join(', ')}}`;
}

/** The same as Go writes it as JSON: fields sorted, and safe within HTML. */
export function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escaped);
  return `{${sorted(value)
    .map(([name, field]) => `${goJson(name)}:${goJson(field)}`)
    .join(',')}}`;
}

/** The same value's type as `%T` prints it. */
export function goType(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (isJsonObject(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return isInt64(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

function goNumber(value: number): string {
  return isInt64(value) ? String(value) : goFloat(value);
}

function isInt64(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= 2 ** 63;
}

function sorted(object: JsonObject): readonly [name: string, value: unknown][] {
  return Object.entries(object).sort(([one], [other]) => compareBytes(one, other));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
