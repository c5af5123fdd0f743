import { Document, isMap, isNode, isScalar, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { DocumentPath } from '../kubelet/document-tree.ts';
import { readsAsText } from '../kubelet/yaml-scalar.ts';
import type { YamlValue } from './go-yaml.ts';

/** A document to print, and what people should read beside it. */
export interface RenderedDocument {
  readonly value: YamlValue;
  /** Above the document, a line an item. */
  readonly comment?: readonly string[];
  /** Above fields or list items. */
  readonly remarks?: readonly Remark[];
  /** Numbers to write as file modes are: 0644. */
  readonly octal?: readonly DocumentPath[];
}

export interface Remark {
  readonly path: DocumentPath;
  readonly text: string;
}

/**
 * Writes documents for people and for every YAML reader, 1.1 or 1.2: fields in the order given, text
 * quoted where one of them would take it for something else, lines of a text block kept.
 */
export function yamlText(documents: readonly RenderedDocument[]): string {
  return documents.map(oneDocument).join('---\n');
}

function oneDocument(rendered: RenderedDocument): string {
  const { value, comment = [], remarks = [], octal = [] } = rendered;
  const document = new Document(null, FAILSAFE);
  document.contents = nodeOf(value);
  for (const { path, text } of remarks) addComment(document, path, text);
  for (const path of octal) {
    const mode = document.getIn(path, true);
    if (isScalar(mode)) mode.value = `0${Number(mode.value).toString(8)}`;
  }
  const above = comment.map((line) => `#${line === '' ? '' : ' '}${line}\n`).join('');
  return above + documentText(document);
}

/** The schema that leaves the choice of quotes to whoever wrote a document: to nodeOf, or its author. */
export const FAILSAFE = { schema: 'failsafe' } as const;

/** A document's text, long lines kept. */
export function documentText(document: Document, indentsLists = true): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: false, indentSeq: indentsLists });
}

/** A value as a node whose text reads the same to every YAML reader. */
export function nodeOf(value: YamlValue): Node {
  if (value === null || typeof value !== 'object') return scalarOf(value);
  if (Array.isArray(value)) {
    const list = new YAMLSeq();
    list.items = value.map(nodeOf);
    return list;
  }
  const map = new YAMLMap();
  for (const [name, field] of Object.entries(value)) {
    if (field !== undefined) map.items.push(new Pair(scalarOf(name), nodeOf(field)));
  }
  return map;
}

function scalarOf(value: string | number | boolean | null): Scalar {
  const scalar = new Scalar(String(value));
  if (typeof value !== 'string') scalar.type = Scalar.PLAIN;
  else if (value.includes('\n')) scalar.type = Scalar.BLOCK_LITERAL;
  else if (!readsAsText(value)) scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

/** Puts a comment above a field or list item, which must be there. */
function addComment(document: Document, path: DocumentPath, text: string): void {
  const name = path.at(-1);
  const parent = document.getIn(path.slice(0, -1), true);
  const node =
    isMap(parent) && typeof name === 'string'
      ? parent.items.find(({ key }) => isScalar(key) && key.value === name)?.key
      : document.getIn(path, true);
  if (!isNode(node)) throw new Error(`nothing to remark on at ${path.join('.')}`);
  node.commentBefore = ` ${text}`;
}
