import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { OBJECT_META } from '../platform/custom-resource/object-meta.ts';
import type { StructuralSchema } from '../platform/custom-resource/structural-schema.ts';
import { elementsOf } from './api-field-set.ts';

/**
 * Why a configuration cannot be applied, in the words of structured-merge-diff, which is stricter than
 * the API server elsewhere: it refuses unknown fields and repetitions itself. Undefined where it can.
 */
export function applyError(config: JsonObject, schema: StructuralSchema): string | undefined {
  const errors = typedErrors(config, withMetadata(schema), '');
  const [first] = errors;
  return errors.length > 1 ? ['errors:', ...errors.map((one) => `  ${one}`)].join('\n') : first;
}

function withMetadata(schema: StructuralSchema): StructuralSchema {
  const fields = [...OBJECT_META.fields.keys()].map((name) => [name, ANYTHING] as const);
  const metadata: StructuralSchema = { type: 'object', properties: Object.fromEntries(fields) };
  return { ...schema, properties: { ...schema.properties, metadata } };
}

/** Checked elsewhere. */
const ANYTHING: StructuralSchema = { type: 'any' };

function typedErrors(value: unknown, schema: StructuralSchema, path: string): readonly string[] {
  if (value === null) return [];
  const at = path === '' ? '' : `${path}: `;
  switch (schema.type) {
    case 'any':
      return [];
    case 'object':
      return isJsonObject(value)
        ? fieldErrors(value, schema, path)
        : [`${at}expected map, got &{${goValue(value)}}`];
    case 'array':
      return Array.isArray(value)
        ? itemErrors(value, schema, path)
        : [`${at}expected list, got &{${goValue(value)}}`];
    case 'string':
      return typeof value === 'string'
        ? []
        : [`${at}expected string, got &value.valueUnstructured{Value:${goValue(value)}}`];
    case 'integer':
      return typeof value === 'number'
        ? []
        : [`${at}expected numeric (int or float), got ${goType(value)}`];
    case 'boolean':
      return typeof value === 'boolean'
        ? []
        : [`${at}expected boolean, got &value.valueUnstructured{Value:${goValue(value)}}`];
  }
}

function fieldErrors(
  object: JsonObject,
  schema: StructuralSchema,
  path: string,
): readonly string[] {
  const { properties = {}, additionalProperties, preserveUnknownFields } = schema;
  return Object.entries(object).flatMap(([name, value]) => {
    const property = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    const place = `${path}.${name}`;
    if (property !== undefined) return typedErrors(value, property, place);
    return preserveUnknownFields ? [] : [`${place}: field not declared in schema`];
  });
}

function itemErrors(
  list: readonly unknown[],
  schema: StructuralSchema,
  path: string,
): readonly string[] {
  const steps = new Set<string>();
  return (elementsOf(list, schema) ?? []).flatMap(({ step, value, schema: items }) => {
    const repeated = steps.has(step) ? [`${path}: duplicate entries for key ${step}`] : [];
    steps.add(step);
    return [...repeated, ...(items === undefined ? [] : typedErrors(value, items, path + step))];
  });
}

/** As Go's `%v` prints a decoded JSON value. */
function goValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`;
  if (!isJsonObject(value)) return String(value);
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `map[${fields.map(([name, inner]) => `${name}:${goValue(inner)}`).join(' ')}]`;
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isJsonObject(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : 'string';
}
