import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  Parser,
  Scalar,
} from 'yaml';
import { positionAt } from '../diagnostics/position.ts';
import type { DocumentError, DocumentNode, ObjectField, ScalarNode } from './document-tree.ts';
import { joinUnindentedFlow } from './yaml-flow.ts';
import { type PlainScalar, resolvePlain, resolveTagged } from './yaml-scalar.ts';
import { tabBeforeKey } from './yaml-tabs.ts';

/** The first document of a YAML stream. */
export interface YamlDocument {
  readonly root: DocumentNode;
  /** Where a second document begins, which the kubelet ignores without a word. */
  readonly ignoredFrom?: number;
}

/**
 * Reads the first document of a YAML stream as the kubelet does (see resolvePlain), keeping positions
 * and repeated keys. Aliases are expanded, to 100,000 values at most.
 */
export function readYaml(text: string): YamlDocument | DocumentError {
  return orError(text, (lines) => {
    const [first, second] = documentsOf(lines, 2);
    checkTabs(lines.slice(0, second?.range[0]));
    if (first === undefined) return { root: { type: 'null', value: null, offset: 0 } };
    const root = treeOf(first);
    return second === undefined ? { root } : { root, ignoredFrom: second.range[0] };
  });
}

/** Reads every document of a YAML stream by the same rules; empty ones are left out. */
export function readYamlStream(text: string): readonly DocumentNode[] | DocumentError {
  return orError(text, (lines) =>
    documentsOf(lines, Number.POSITIVE_INFINITY)
      .map(treeOf)
      .filter(({ type }) => type !== 'null'),
  );
}

function orError<Result>(text: string, read: (lines: string) => Result): Result | DocumentError {
  const forbidden = text.search(FORBIDDEN_CHARACTER);
  if (forbidden >= 0) {
    return documentError(text, new YamlError('control characters are not allowed', forbidden));
  }
  try {
    return read(joinUnindentedFlow(text.replace(OTHER_LINE_BREAKS, '\n')));
  } catch (error) {
    if (error instanceof YamlError) return documentError(text, error);
    // The parser recurses.
    if (error instanceof RangeError) return documentError(text, new YamlError(TOO_DEEP, 0));
    throw error;
  }
}

const FORBIDDEN_CHARACTER = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
// Of YAML 1.1; each as long as what replaces it, so that offsets stay.
const OTHER_LINE_BREAKS = /\r(?!\n)|[\x85\u2028\u2029]/g;
const MOST_VALUES = 100_000;
const DEEPEST = 1000;
const TOO_DEEP = 'it is nested too deeply';
const OPTIONS = { schema: 'failsafe', version: '1.1', uniqueKeys: false } as const;

class YamlError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** What YAML can say and JSON cannot: Kubernetes reads YAML by way of JSON. */
class NoJson extends YamlError {}

function documentError(text: string, error: YamlError): DocumentError {
  const { message, offset } = error;
  if (error instanceof NoJson) return { message, offset };
  return { message: `yaml: line ${positionAt(text, offset).line}: ${message}`, offset };
}

function checkTabs(text: string): void {
  const tab = text.includes('\t') ? tabBeforeKey(text) : undefined;
  if (tab !== undefined)
    throw new YamlError('a tab stands where a key might begin; write blanks', tab);
}

/** A faulty later document is not looked at before it is asked for. */
function documentsOf(text: string, most: number): readonly Document.Parsed[] {
  const documents: Document.Parsed[] = [];
  for (const document of new Composer(OPTIONS).compose(new Parser().parse(text))) {
    documents.push(document);
    if (documents.length === most) break;
  }
  return documents;
}

function treeOf(document: Document.Parsed): DocumentNode {
  const error = document.errors[0];
  if (error !== undefined) throw new YamlError(error.message, error.pos[0]);
  return new TreeBuilder(document).node(document.contents, 0);
}

class TreeBuilder {
  readonly #document: Document.Parsed;
  #values = 0;

  constructor(document: Document.Parsed) {
    this.#document = document;
  }

  node(node: unknown, depth: number, isInFlow = false): DocumentNode {
    const offset = offsetOf(node);
    this.#values += 1;
    if (this.#values > MOST_VALUES) throw new YamlError('its aliases expand to too much', offset);
    if (depth > DEEPEST) throw new YamlError(TOO_DEEP, offset);
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      if (target === undefined) throw new YamlError(`unknown anchor '${node.source}'`, offset);
      return this.node(target, depth + 1);
    }
    if (isScalar(node)) return isInFlow ? flowScalarNode(node, offset) : scalarNode(node, offset);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.node(item, depth + 1, node.flow));
      return { type: 'array', items, offset };
    }
    if (isMap(node)) {
      const fields = node.items.flatMap((pair) => this.#fields(pair, depth + 1, node.flow));
      return { type: 'object', fields, offset };
    }
    return { type: 'null', value: null, offset };
  }

  #fields({ key, value }: Pair, depth: number, isInFlow?: boolean): readonly ObjectField[] {
    const node = this.node(value, depth, isInFlow);
    if (isMergeKey(key)) return mergedFields(node);
    const name = this.node(key, depth, isInFlow);
    if (name.type === 'array' || name.type === 'object') {
      throw new YamlError('a map or list cannot be a key', name.offset);
    }
    if (name.type === 'null') throw new NoJson('unsupported map key of type: null', name.offset);
    return [{ name: String(name.value), nameOffset: name.offset, value: node }];
  }
}

function offsetOf(node: unknown): number {
  const hasRange = isScalar(node) || isSeq(node) || isMap(node) || isAlias(node);
  return hasRange ? (node.range?.[0] ?? 0) : 0;
}

/** Within brackets a question mark begins a key, whatever stands before it. */
function flowScalarNode(node: Scalar, offset: number): ScalarNode {
  if (node.type !== Scalar.PLAIN || !String(node.value).includes('?')) {
    return scalarNode(node, offset);
  }
  throw new YamlError('a text with ? stands in brackets; put it in quotes', offset);
}

function scalarNode(node: Scalar, offset: number): ScalarNode {
  const value = plainValueOf(node, offset);
  if (value === null) return { type: 'null', value, offset };
  if (typeof value === 'boolean') return { type: 'boolean', value, offset };
  if (typeof value === 'number') return { type: 'number', value: finite(value, offset), offset };
  return { type: 'string', value, offset };
}

function plainValueOf({ tag, type, value }: Scalar, offset: number): PlainScalar {
  const text = String(value);
  if (tag === undefined) return type === Scalar.PLAIN ? resolvePlain(text) : text;
  const resolved = resolveTagged(tag, text);
  if (typeof resolved === 'object' && resolved !== null)
    throw new YamlError(resolved.error, offset);
  return resolved;
}

function finite(value: number, offset: number): number {
  if (Number.isFinite(value)) return value;
  const shown = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  throw new NoJson(`json: unsupported value: ${shown}`, offset);
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === Scalar.PLAIN;
}

function mergedFields(node: DocumentNode): readonly ObjectField[] {
  if (node.type === 'object') return node.fields;
  if (node.type === 'array' && node.items.every((item) => item.type === 'object')) {
    // The earlier one goes before, and of a repeated field the last counts.
    return node.items.toReversed().flatMap((item) => (item.type === 'object' ? item.fields : []));
  }
  throw new YamlError('map merge requires map or sequence of maps as the value', node.offset);
}
