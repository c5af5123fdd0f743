import { quote } from '../../diagnostics/quote.ts';
import type { ScalarNode } from './source-node.ts';
import { SourceProblem } from './source-problem.ts';

/** What a scalar means in Butane's YAML (yaml.v3's resolve.go): YAML 1.2 with some of 1.1. */
export type Scalar =
  | { readonly tag: '!!null'; readonly value: null }
  | { readonly tag: '!!bool'; readonly value: boolean }
  | { readonly tag: '!!int' | '!!float'; readonly value: number }
  | { readonly tag: string; readonly value: string };

const RESOLVABLE = ['!!str', '!!bool', '!!int', '!!float', '!!null', '!!timestamp'];
const INTEGER = /^[-+]?(0x[0-9a-f]+|0b[01]+|0o?[0-7]+|[1-9][0-9]*|0)$/i;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const TIMESTAMP =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})| [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]+)?)?$/;
const LARGEST_UINT64 = 2n ** 64n - 1n;
const SMALLEST_INT64 = -(2n ** 63n);

const KEYWORDS: ReadonlyMap<string, Scalar> = new Map([
  ...words({ tag: '!!bool', value: true }, 'true', 'True', 'TRUE'),
  ...words({ tag: '!!bool', value: false }, 'false', 'False', 'FALSE'),
  ...words({ tag: '!!null', value: null }, '', '~', 'null', 'Null', 'NULL'),
  ...words({ tag: '!!float', value: Number.NaN }, '.nan', '.NaN', '.NAN'),
  ...words({ tag: '!!float', value: Infinity }, '.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'),
  ...words({ tag: '!!float', value: -Infinity }, '-.inf', '-.Inf', '-.INF'),
]);

/** Resolves a scalar. Throws a SourceProblem where an explicit tag contradicts the text. */
export function resolveScalar(node: ScalarNode): Scalar {
  if (node.tag === undefined) {
    return node.isPlain ? resolvePlain(node.value) : { tag: '!!str', value: node.value };
  }
  if (node.tag === '!!str' || !RESOLVABLE.includes(node.tag)) {
    return { tag: node.tag, value: node.value };
  }
  return agreeing(node, node.tag, resolvePlain(node.value));
}

/** Whether a scalar is null, without a tag that makes it something else. */
export function isNullScalar(node: ScalarNode): boolean {
  if (node.tag !== undefined) return node.tag === '!!null';
  return node.isPlain && KEYWORDS.get(node.value)?.tag === '!!null';
}

/** What an unquoted text without tag resolves to. */
export function resolvePlain(value: string): Scalar {
  const keyword = KEYWORDS.get(value);
  if (keyword !== undefined) return keyword;
  if (/^[-+0-9]/.test(value)) return resolveNumber(value) ?? { tag: '!!str', value };
  if (value.startsWith('.') && FLOAT.test(value)) return { tag: '!!float', value: Number(value) };
  return { tag: '!!str', value };
}

function resolveNumber(value: string): Scalar | undefined {
  if (TIMESTAMP.test(value)) return { tag: '!!timestamp', value };
  const digits = value.replaceAll('_', '');
  const integer = INTEGER.test(digits) ? integerOf(digits) : undefined;
  if (integer !== undefined && integer >= SMALLEST_INT64 && integer <= LARGEST_UINT64) {
    return { tag: '!!int', value: Number(integer) };
  }
  return FLOAT.test(digits) ? { tag: '!!float', value: Number(digits) } : undefined;
}

/** `0644` is octal, as in YAML 1.1. */
function integerOf(digits: string): bigint {
  const magnitude = digits.replace(/^[-+]/, '').replace(/^0(?=[0-7])/, '0o');
  const value = BigInt(magnitude.toLowerCase());
  return digits.startsWith('-') ? -value : value;
}

function agreeing(node: ScalarNode, tag: string, resolved: Scalar): Scalar {
  if (resolved.tag === tag) return resolved;
  if (tag === '!!float' && resolved.tag === '!!int') return { ...resolved, tag };
  const message = `cannot decode ${resolved.tag} \`${node.value}\` as a ${tag}`;
  throw new SourceProblem(message, [
    { offset: node.offset, message: `${quote(node.value)} is no ${tag}` },
  ]);
}

function words(scalar: Scalar, ...all: string[]): [string, Scalar][] {
  return all.map((word) => [word, scalar]);
}
