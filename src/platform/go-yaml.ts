import { readsAsText } from '../kubelet/yaml-scalar.ts';

/** What a rendered document is made of; `undefined` fields are left out. */
export type YamlValue =
  | null
  | boolean
  | number
  | string
  | readonly YamlValue[]
  | { readonly [field: string]: YamlValue | undefined };

/**
 * A document as the YAML library of the machine-config-operator writes it, byte for byte: sorted keys,
 * lists not indented, and its choice of quotes. A MachineConfig that only differs in quoting would
 * restart every kubelet of a pool. Source of the rule: sigs.k8s.io/yaml with go-yaml v2.
 */
export function goYaml(value: YamlValue): string {
  return `${inBlock(value, 0)}\n`;
}

const INDENTATION = 2;

function inBlock(value: YamlValue, indent: number): string {
  if (typeof value === 'string') return scalar(value, indent, indent);
  if (value === null || typeof value !== 'object') return String(value);
  if (isList(value)) return list(value, indent);
  const fields = Object.entries(value)
    .filter((field): field is [string, YamlValue] => field[1] !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  if (fields.length === 0) return '{}';
  return fields.map(([name, field]) => namedField(name, field, indent)).join(newLine(indent));
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}

function list(items: readonly YamlValue[], indent: number): string {
  if (items.length === 0) return '[]';
  return items.map((item) => `- ${inBlock(item, indent + INDENTATION)}`).join(newLine(indent));
}

function namedField(name: string, value: YamlValue, indent: number): string {
  const key = scalar(name, indent, indent);
  if (typeof value === 'string') {
    return `${key}: ${scalar(value, indent + INDENTATION, indent + key.length + 2)}`;
  }
  const isShort = value === null || typeof value !== 'object' || Object.keys(value).length === 0;
  if (isShort) return `${key}: ${inBlock(value, indent)}`;
  const inner = isList(value) ? indent : indent + INDENTATION;
  return `${key}:${newLine(inner)}${inBlock(value, inner)}`;
}

function newLine(indent: number): string {
  return `\n${' '.repeat(indent)}`;
}

const UNPRINTABLE = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;
const INDICATOR_FIRST = /^(?:[#,[\]{}&*!|>'"%@`]|[?:-](?: |$)|---|\.\.\.)/;
const INDICATOR_INSIDE = /:(?: |$)| #/;
function scalar(text: string, indent: number, column: number): string {
  if (UNPRINTABLE.test(text) || / \n/.test(text)) return doubleQuoted(text, indent, column);
  if (text.includes('\n')) {
    return text.endsWith(' ') ? doubleQuoted(text, indent, column) : literal(text, indent);
  }
  if (!readsAsText(text)) return doubleQuoted(text, indent, column);
  const isPlain =
    !/^ | $/.test(text) && !INDICATOR_FIRST.test(text) && !INDICATOR_INSIDE.test(text);
  if (isPlain) return folded(text, indent, column);
  return `'${folded(text.replaceAll("'", "''"), indent, column + 1)}'`;
}

const LONGEST_LINE = 80;

/** Breaks a line at its first single space beyond the 80th column. */
function folded(text: string, indent: number, column: number): string {
  let at = column;
  let written = '';
  for (const [index, character] of [...text].entries()) {
    const isSingleSpace = character === ' ' && text[index - 1] !== ' ' && text[index + 1] !== ' ';
    const breaks = isSingleSpace && at > LONGEST_LINE && index > 0 && index < text.length - 1;
    written += breaks ? newLine(indent) : character;
    at = breaks ? indent : at + 1;
  }
  return written;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function doubleQuoted(text: string, indent: number, column: number): string {
  const escaped = text
    .replace(/["\\\n]/g, escapeCharacter)
    .replace(new RegExp(UNPRINTABLE, 'gu'), escapeCharacter);
  return `"${folded(escaped, indent, column + 1)}"`;
}

/** A character as an escape of a double-quoted scalar. */
export function escapeCharacter(character: string): string {
  const short = ESCAPES[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}

function literal(text: string, indent: number): string {
  const indentationHint = /^[ \n]/.test(text) ? String(INDENTATION) : '';
  const keep = text.endsWith('\n\n') || text === '\n';
  const chomping = keep ? '+' : text.endsWith('\n') ? '' : '-';
  const lines = text.replace(/\n$/, '').split('\n');
  const written = lines.map((line) => (line === '' ? '\n' : newLine(indent) + line));
  return `|${indentationHint}${chomping}${written.join('')}`;
}
