import { escapeCharacter } from '../go-yaml.ts';
import { resolvePlain } from './scalars.ts';

const INDICATORS = /^[#,[\]{}&*!|>'"%@`]|^---|^\.\.\.|^[?:-](?=[ \t\n]|$)|:(?=[ \t\n]|$)|[ \t\n]#/;
const BREAK = /[\n\r\x85\u2028\u2029]/;
/** As libyaml counts them; a tab is told apart. */
const UNPRINTABLE = /[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const BASE_60 = /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/;
const OLD_BOOLEAN = /^([yY]|yes|Yes|YES|on|On|ON|[nN]|no|No|NO|off|Off|OFF)$/;
const INDENT_HINT = 2;

/**
 * A string in the style that yaml.v3 chooses: plain where it stays a string, literal where it has several
 * lines, quoted otherwise. Literal lines get the given indentation.
 */
export function quotedScalar(text: string, indent: number, role: 'key' | 'value'): string {
  if (text.includes('\n')) {
    return role === 'value' && isLiteralPossible(text) ? literal(text, indent) : doubleQuoted(text);
  }
  const isString = resolvePlain(text).tag === '!!str';
  if (!isString || BASE_60.test(text) || OLD_BOOLEAN.test(text)) return doubleQuoted(text);
  if (!isPlainPossible(text))
    return isSinglePossible(text) ? singleQuoted(text) : doubleQuoted(text);
  return text;
}

function isPlainPossible(text: string): boolean {
  return (
    isSinglePossible(text) && !/^ | $/.test(text) && !BREAK.test(text) && !INDICATORS.test(text)
  );
}

function isSinglePossible(text: string): boolean {
  return !hasSpaceAtBreak(text) && !text.includes('\t') && !UNPRINTABLE.test(text);
}

function isLiteralPossible(text: string): boolean {
  return !text.endsWith(' ') && !/ [\n\x85\u2028\u2029]/.test(text) && !UNPRINTABLE.test(text);
}

function hasSpaceAtBreak(text: string): boolean {
  return / [\n\x85\u2028\u2029]|[\n\x85\u2028\u2029] /.test(text);
}

function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? String(INDENT_HINT) : '';
  const lines = text.split('\n').map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
  if (!text.endsWith('\n')) return [`|${hint}-`, ...lines].join('\n');
  const keep = text === '\n' || text.endsWith('\n\n') ? '+' : '';
  return [`|${hint}${keep}`, ...lines.slice(0, -1)].join('\n');
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function doubleQuoted(text: string): string {
  const escaped = text.replace(
    /["\\\n\u2028\u2029]|[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/gu,
    escapeCharacter,
  );
  return `"${escaped}"`;
}
