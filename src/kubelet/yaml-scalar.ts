/** What an unquoted YAML scalar stands for. */
export type PlainScalar = null | boolean | number | string;

const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(?:|~|null|Null|NULL)$/;
const NOT_A_NUMBER = /^(?:\.nan|\.NaN|\.NAN)$/;
const INFINITE = /^[-+]?(?:\.inf|\.Inf|\.INF)$/;
const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const LARGEST_INTEGER = 2n ** 64n - 1n;
const SMALLEST_INTEGER = -(2n ** 63n);

/**
 * Resolves an unquoted scalar as the YAML library of Kubernetes does, which is YAML 1.1 without its
 * sexagesimal numbers and dates: `yes`, `on` and `y` are true, `0777` is octal, `1_000` a number.
 * Source of the rule: go-yaml v2, resolve.
 */
export function resolvePlain(text: string): PlainScalar {
  return resolve(text).value;
}

/**
 * Resolves a scalar that has a tag, quoted or not, by the same rule: `!!int "1"` is a number, and a tag
 * that is unknown makes it text. Returns the reason, in the library's words, where the tag does not fit.
 */
export function resolveTagged(tag: string, text: string): PlainScalar | { readonly error: string } {
  const wanted = tag.startsWith(TAG_PREFIX) ? tag.slice(TAG_PREFIX.length) : tag;
  if (wanted === 'binary') return decodeBinary(text);
  if (!TAGGED_TYPES.has(wanted)) return text;
  const { type, value } = resolve(text);
  const found = type === 'str' && isDate(text) ? 'timestamp' : type;
  if (found === wanted || (wanted === 'float' && found === 'int')) return value;
  return { error: `cannot decode !!${found} \`${text}\` as a !!${wanted}` };
}

const TAG_PREFIX = 'tag:yaml.org,2002:';
const TAGGED_TYPES: ReadonlySet<string> = new Set(['bool', 'int', 'float', 'null', 'timestamp']);

/** Padded base64 without blanks; line breaks do not count. */
function decodeBinary(text: string): string | { readonly error: string } {
  const compact = text.replace(/[\r\n]/g, '');
  try {
    if (/^\S*$/.test(compact) && compact.length % 4 === 0) {
      return new TextDecoder().decode(Uint8Array.fromBase64(compact));
    }
  } catch {
    // It is told below.
  }
  return { error: '!!binary value contains invalid base64 data' };
}

interface Resolved {
  readonly type: 'null' | 'bool' | 'int' | 'float' | 'str';
  readonly value: PlainScalar;
}

function resolve(text: string): Resolved {
  if (NULL.test(text)) return { type: 'null', value: null };
  if (TRUE.test(text)) return { type: 'bool', value: true };
  if (FALSE.test(text)) return { type: 'bool', value: false };
  if (NOT_A_NUMBER.test(text)) return { type: 'float', value: Number.NaN };
  if (INFINITE.test(text)) return { type: 'float', value: infinity(text) };
  return /^[-+.0-9]/.test(text) ? numberIn(text) : { type: 'str', value: text };
}

function infinity(text: string): number {
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function numberIn(text: string): Resolved {
  const digits = text.startsWith('.') ? text : text.replaceAll('_', '');
  const integer = INTEGER.test(digits) ? integerOf(digits) : undefined;
  if (integer !== undefined) return { type: 'int', value: integer };
  const float = FLOAT.test(digits) ? Number(digits) : Number.NaN;
  return Number.isFinite(float) ? { type: 'float', value: float } : { type: 'str', value: text };
}

/** Undefined where 64 bits do not hold it. */
function integerOf(digits: string): number | undefined {
  const unsigned = BigInt(digits.replace(/^[-+]/, '').replace(/^0(?=[0-7])/, '0o'));
  const integer = digits.startsWith('-') ? -unsigned : unsigned;
  return integer < SMALLEST_INTEGER || integer > LARGEST_INTEGER ? undefined : Number(integer);
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
