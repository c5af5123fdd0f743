import { compareBytes } from './byte-order.ts';

/** A decoded JSON or YAML document that still knows where each value stood; offsets in UTF-16 units. */
export type DocumentNode = ScalarNode | ArrayNode | ObjectNode;

export interface ScalarNode {
  readonly type: 'null' | 'boolean' | 'number' | 'string';
  readonly value: null | boolean | number | string;
  readonly offset: number;
}

export interface ArrayNode {
  readonly type: 'array';
  readonly items: readonly DocumentNode[];
  readonly offset: number;
}

/** Its fields in the order written; one name may occur more than once. */
export interface ObjectNode {
  readonly type: 'object';
  readonly fields: readonly ObjectField[];
  readonly offset: number;
}

export interface ObjectField {
  readonly name: string;
  readonly nameOffset: number;
  readonly value: DocumentNode;
}

/** Where a document could not be read, in the words of Go's decoder. */
export interface DocumentError {
  readonly message: string;
  readonly offset: number;
}

export function isDocumentError(result: object): result is DocumentError {
  return 'message' in result;
}

/** Steps from a document's root to a value: field names and array indexes. */
export type DocumentPath = readonly (string | number)[];

/** The value at a path, or the nearest one above it where the path ends early; of a repeated field, the last. */
export function nearestNode(root: DocumentNode, path: DocumentPath): DocumentNode {
  let node = root;
  for (const step of path) {
    const next = childOf(node, step);
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

/** A field, null included, or an item of a list; of a repeated field, the last. */
export function childOf(node: DocumentNode, step: string | number): DocumentNode | undefined {
  if (node.type === 'array' && typeof step === 'number') return node.items[step];
  if (node.type !== 'object') return undefined;
  return node.fields.findLast((field) => field.name === step)?.value;
}

/** A field's value; undefined where it is missing or null. Of a repeated field, the last counts. */
export function fieldOf(node: DocumentNode, name: string): DocumentNode | undefined {
  const value = childOf(node, name);
  return value?.type === 'null' ? undefined : value;
}

/** A field's text; empty where the field is missing or no text. */
export function textOf(node: DocumentNode, name: string): string {
  const value = fieldOf(node, name);
  return typeof value === 'object' && value.type === 'string' ? String(value.value) : '';
}

/** A field's list; empty where the field is missing or no list. */
export function itemsOf(node: DocumentNode, name: string): readonly DocumentNode[] {
  const value = fieldOf(node, name);
  return value?.type === 'array' ? value.items : [];
}

/** A field's list of texts; what is no text counts as empty. */
export function textsOf(node: DocumentNode, name: string): readonly string[] {
  return itemsOf(node, name).map((item) => (item.type === 'string' ? String(item.value) : ''));
}

/**
 * A YAML document as Kubernetes' library hands it on, in JSON: each field once, as its last occurrence,
 * and the fields in the byte order of their names.
 */
export function asJson(node: DocumentNode): DocumentNode {
  if (node.type === 'array') return { ...node, items: node.items.map(asJson) };
  if (node.type !== 'object') return node;
  const last = new Map(node.fields.map((field) => [field.name, field]));
  const fields = Array.from(last.values(), (field) => ({ ...field, value: asJson(field.value) }));
  return { ...node, fields: fields.sort((one, other) => compareBytes(one.name, other.name)) };
}

/** What JSON can say. */
export type PlainValue =
  | null
  | boolean
  | number
  | string
  | readonly PlainValue[]
  | { readonly [field: string]: PlainValue };

/** A document as JSON.parse would give it. */
export function plainValue(node: DocumentNode): PlainValue {
  if (node.type === 'array') return node.items.map(plainValue);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(node.fields.map(({ name, value }) => [name, plainValue(value)]));
}
