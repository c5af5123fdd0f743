import { Composer, type Document, isAlias, isMap, isScalar, isSeq, Parser, Scalar } from 'yaml';
import { positionAt } from '../diagnostics/position.ts';
import type { DocumentError, DocumentNode, ObjectField, ScalarNode } from './document-tree.ts';
import { resolvePlain } from './yaml-scalar.ts';

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
  return orError(text, () => {
    const [first, second] = documentsOf(text, 2);
    if (first === undefined) return { root: { type: 'null', value: null, offset: 0 } };
    const root = treeOf(first);
    return second === undefined ? { root } : { root, ignoredFrom: second.range[0] };
  });
}

/** Reads every document of a YAML stream by the same rules; empty ones are left out. */
export function readYamlStream(text: string): readonly DocumentNode[] | DocumentError {
  return orError(text, () =>
    documentsOf(text, Number.POSITIVE_INFINITY)
      .map(treeOf)
      .filter(({ type }) => type !== 'null'),
  );
}

function orError<Result>(text: string, read: () => Result): Result | DocumentError {
  try {
    return read();
  } catch (error) {
    if (error instanceof YamlError) return documentError(text, error);
    // The parser recurses.
    if (error instanceof RangeError) return documentError(text, new YamlError(TOO_DEEP, 0));
    throw error;
  }
}

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

function documentError(text: string, { message, offset }: YamlError): DocumentError {
  return { message: `yaml: line ${positionAt(text, offset).line}: ${message}`, offset };
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

  node(node: unknown, depth: number): DocumentNode {
    const offset = offsetOf(node);
    this.#values += 1;
    if (this.#values > MOST_VALUES) throw new YamlError('its aliases expand to too much', offset);
    if (depth > DEEPEST) throw new YamlError(TOO_DEEP, offset);
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      if (target === undefined) throw new YamlError(`unknown anchor '${node.source}'`, offset);
      return this.node(target, depth + 1);
    }
    if (isScalar(node)) return scalarNode(node, offset);
    if (isSeq(node)) {
      return { type: 'array', items: node.items.map((item) => this.node(item, depth + 1)), offset };
    }
    if (isMap(node)) {
      const fields = node.items.flatMap(({ key, value }) => this.#fields(key, value, depth + 1));
      return { type: 'object', fields, offset };
    }
    return { type: 'null', value: null, offset };
  }

  #fields(key: unknown, value: unknown, depth: number): readonly ObjectField[] {
    const node = this.node(value, depth);
    if (isMergeKey(key)) return mergedFields(node);
    const name = this.node(key, depth);
    if (name.type === 'array' || name.type === 'object') {
      throw new YamlError('a map or list cannot be a key', name.offset);
    }
    return [{ name: String(name.value), nameOffset: name.offset, value: node }];
  }
}

function offsetOf(node: unknown): number {
  const hasRange = isScalar(node) || isSeq(node) || isMap(node) || isAlias(node);
  return hasRange ? (node.range?.[0] ?? 0) : 0;
}

function scalarNode(node: Scalar, offset: number): ScalarNode {
  const text = String(node.value);
  const isPlain = node.type === Scalar.PLAIN && node.tag === undefined;
  const value = isPlain ? resolvePlain(text) : text;
  if (value === null) return { type: 'null', value, offset };
  if (typeof value === 'boolean') return { type: 'boolean', value, offset };
  if (typeof value === 'number') return { type: 'number', value, offset };
  return { type: 'string', value, offset };
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === Scalar.PLAIN;
}

function mergedFields(node: DocumentNode): readonly ObjectField[] {
  if (node.type === 'object') return node.fields;
  if (node.type === 'array' && node.items.every((item) => item.type === 'object')) {
    return node.items.flatMap((item) => (item.type === 'object' ? item.fields : []));
  }
  throw new YamlError('map merge requires map or sequence of maps as the value', node.offset);
}
