import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { goValue } from '../kubelet/go-value.ts';
import type { StructuralSchema } from '../platform/custom-resource/structural-schema.ts';

/** The fields that somebody owns, by their paths as conflicts name them: `.spec.x`, `.set[="A"]`, `.map[key="A"].x`. */
export type FieldSet = ReadonlySet<string>;

/** Fields that server-side apply never gives an owner. */
const NOBODYS =
  /^\.(?:apiVersion|kind|metadata\.(?:name|namespace|creationTimestamp|uid|generation|managedFields|resourceVersion))$/;

/** A list's items, or an object's fields, with the last step of their path. */
export interface Element {
  readonly step: string;
  readonly value: unknown;
  readonly schema: StructuralSchema | undefined;
}

/**
 * What server-side apply looks into: an object's fields, a set's and a map's items. Undefined for what it
 * takes as one value. Source of the rule: structured-merge-diff.
 */
export function elementsOf(
  value: unknown,
  schema: StructuralSchema | undefined,
): readonly Element[] | undefined {
  if (isJsonObject(value)) {
    return Object.entries(value).map(([name, inner]) => ({
      step: `.${name}`,
      value: inner,
      schema: schema?.properties?.[name] ?? schema?.additionalProperties,
    }));
  }
  const { listType, listMapKey = '', items } = schema ?? {};
  if (!Array.isArray(value) || listType === undefined) return undefined;
  return value.map((item: unknown) => ({
    step: listType === 'set' ? `[=${stepValue(item)}]` : keyStep(item, listMapKey),
    value: item,
    schema: items,
  }));
}

function keyStep(item: unknown, key: string): string {
  return `[${key}=${stepValue(isJsonObject(item) ? item[key] : undefined)}]`;
}

function stepValue(value: unknown): string {
  return typeof value === 'number' ? goValue(value) : JSON.stringify(value);
}

/** Every field that an object sets, each with its value as text. */
export function fieldsOf(
  object: JsonObject,
  schema: StructuralSchema | undefined,
): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  collect(object, schema, '', fields);
  return fields;
}

function collect(
  value: unknown,
  schema: StructuralSchema | undefined,
  path: string,
  fields: Map<string, string>,
): void {
  if (NOBODYS.test(path)) return;
  const elements = elementsOf(value, schema);
  if (elements === undefined || (elements.length === 0 && !Array.isArray(value))) {
    fields.set(path, JSON.stringify(value));
    return;
  }
  // An item of a map has an owner of its own, whatever its fields are.
  if (path.endsWith(']')) fields.set(path, '');
  for (const element of elements) {
    collect(element.value, element.schema, path + element.step, fields);
  }
}

/** The paths with all that lead to them. */
export function withAncestors(paths: Iterable<string>): Set<string> {
  const all = new Set<string>();
  for (const path of paths) {
    for (const ancestor of ancestors(path)) all.add(ancestor);
    all.add(path);
  }
  return all;
}

function* ancestors(path: string): Generator<string> {
  let isQuoted = false;
  for (let index = 1; index < path.length; index += 1) {
    const character = path.charAt(index);
    if (character === '"' && path[index - 1] !== '\\') isQuoted = !isQuoted;
    if (!isQuoted && (character === '.' || character === '[')) yield path.slice(0, index);
  }
}
