import { isJsonObject, type JsonObject } from '../../diagnostics/json.ts';
import { duplicate, type FieldError, type FieldPath, invalid } from './field-error.ts';
import type { StructuralSchema } from './structural-schema.ts';

/**
 * Repetitions in lists that are sets or maps; a value that stands there three times is told once. Source
 * of the rule: apiextensions-apiserver, schema/listtype.
 */
export function listTypeErrors(
  value: unknown,
  schema: StructuralSchema,
  path: FieldPath = [],
): readonly FieldError[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    const inner = items === undefined ? [] : value.map((item) => [item, items] as const);
    return [
      ...repetitions(value, schema, path),
      ...inner.flatMap(([item, itemSchema], index) =>
        listTypeErrors(item, itemSchema, [...path, index]),
      ),
    ];
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    Object.hasOwn(value, name) ? listTypeErrors(value[name], property, [...path, name]) : [],
  );
}

function repetitions(
  list: readonly unknown[],
  { listType, listMapKey = '' }: StructuralSchema,
  path: FieldPath,
): readonly FieldError[] {
  if (listType === 'set') return repeated(list, path);
  if (listType !== 'map') return [];
  const stranger = list.findIndex((item) => item !== null && !isJsonObject(item));
  if (stranger !== -1) {
    const detail = 'must be an object for an array of list-type map';
    return [invalid([...path, stranger], list[stranger], detail)];
  }
  return repeated(
    list.map((item) => keyOf(item, listMapKey)),
    path,
  );
}

function keyOf(item: unknown, key: string): JsonObject {
  return isJsonObject(item) && Object.hasOwn(item, key) ? { [key]: item[key] } : {};
}

function repeated(values: readonly unknown[], path: FieldPath): readonly FieldError[] {
  const times = new Map<string, number>();
  return values.flatMap((value, index) => {
    const text = JSON.stringify(value);
    const time = (times.get(text) ?? 0) + 1;
    times.set(text, time);
    return time === 2 ? [duplicate([...path, index], value)] : [];
  });
}
