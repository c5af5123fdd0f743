/** What an unquoted YAML scalar stands for. */
export type PlainScalar = null | boolean | number | string;

const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(?:|~|null|Null|NULL)$/;
const NOT_FINITE = /^(?:\.nan|\.NaN|\.NAN|[-+]?(?:\.inf|\.Inf|\.INF))$/;
const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/**
 * Resolves an unquoted scalar as the YAML library of Kubernetes does, which is YAML 1.1 without its
 * sexagesimal numbers and dates: `yes`, `on` and `y` are true, `0777` is octal, `1_000` a number.
 * Source of the rule: go-yaml v2, resolve.
 */
export function resolvePlain(text: string): PlainScalar {
  if (NULL.test(text)) return null;
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  if (NOT_FINITE.test(text)) return Number.NaN;
  if (!/^[-+.0-9]/.test(text)) return text;
  const digits = text.startsWith('.') ? text : text.replaceAll('_', '');
  if (INTEGER.test(digits)) return integerOf(digits);
  const float = FLOAT.test(digits) ? Number(digits) : Number.NaN;
  return Number.isFinite(float) ? float : text;
}

function integerOf(digits: string): number {
  const unsigned = digits.replace(/^[-+]/, '').replace(/^0(?=[0-7])/, '0o');
  return digits.startsWith('-') ? -Number(unsigned) : Number(unsigned);
}

/**
 * Whether every YAML reader takes an unquoted scalar for text: also those that know the sexagesimal
 * numbers and dates of YAML 1.1, which the library of Kubernetes quotes as well.
 */
export function readsAsText(text: string): boolean {
  return typeof resolvePlain(text) === 'string' && !SEXAGESIMAL.test(text) && !isDate(text);
}

const SEXAGESIMAL = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const DATE = /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt ][0-9:.]+(?:Z|[-+][0-9:]+)?)?$/;

function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
