import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { goSyntax, goType, goValue } from '../kubelet/go-value.ts';
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

const TEXT: StructuralSchema = { type: 'string' };
const NUMBER: StructuralSchema = { type: 'integer' };
const TEXTS: StructuralSchema = { type: 'object', additionalProperties: TEXT };
/** A text, a number or a truth value. */
const SCALAR: StructuralSchema = { type: 'string' };
/** Checked elsewhere. */
const ANYTHING: StructuralSchema = { type: 'any' };

/** Of the fields of metadata whose values are no plain text. */
const METADATA: Readonly<Record<string, StructuralSchema>> = {
  annotations: TEXTS,
  creationTimestamp: SCALAR,
  deletionGracePeriodSeconds: NUMBER,
  deletionTimestamp: SCALAR,
  finalizers: { type: 'array', listType: 'set', items: TEXT },
  generation: NUMBER,
  labels: TEXTS,
  managedFields: { type: 'array' },
  ownerReferences: { type: 'array' },
};

function withMetadata(schema: StructuralSchema): StructuralSchema {
  const fields = [...OBJECT_META.fields.keys()].map((name) => [name, METADATA[name] ?? TEXT]);
  const metadata: StructuralSchema = { type: 'object', properties: Object.fromEntries(fields) };
  return { ...schema, properties: { ...schema.properties, metadata } };
}

function typedErrors(value: unknown, schema: StructuralSchema, path: string): readonly string[] {
  if (value === null) return [];
  const at = path === '' ? '' : `${path}: `;
  if (schema === SCALAR) return scalarErrors(value, at);
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
        : [`${at}expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`];
    case 'integer':
      return typeof value === 'number'
        ? []
        : [`${at}expected numeric (int or float), got ${goType(value)}`];
    case 'boolean':
      return typeof value === 'boolean'
        ? []
        : [`${at}expected boolean, got &value.valueUnstructured{Value:${goSyntax(value)}}`];
  }
}

function scalarErrors(value: unknown, at: string): readonly string[] {
  return typeof value === 'object' ? [`${at}expected any scalar, got &{${goValue(value)}}`] : [];
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

/** An item that cannot be told from others ends it. */
function itemErrors(
  list: readonly unknown[],
  schema: StructuralSchema,
  path: string,
): readonly string[] {
  const { items = ANYTHING } = schema;
  const errors: string[] = [];
  const steps = new Set<string>();
  for (const [index, { step, value }] of (elementsOf(list, schema) ?? []).entries()) {
    const problem =
      schema.listType === 'set' ? setItemProblem(value) : mapItemProblem(value, schema);
    if (problem !== undefined) return [...errors, `${path}: element ${index}: ${problem}`];
    if (steps.has(step)) errors.push(`${path}: duplicate entries for key ${step}`);
    steps.add(step);
    errors.push(...typedErrors(value, items, path + step));
  }
  return errors;
}

function setItemProblem(item: unknown): string | undefined {
  if (item !== null && typeof item !== 'object') return undefined;
  if (Array.isArray(item)) return 'not supported: associative list with lists as elements';
  const type = item === null ? 'an explicit null' : 'a map type';
  return `associative list without keys has an element that's ${type}`;
}

function mapItemProblem(item: unknown, { listMapKey = '' }: StructuralSchema): string | undefined {
  const list = 'associative list with keys';
  if (item === null) return `${list} may not have a null element`;
  if (!isJsonObject(item)) return `${list} may not have non-map elements`;
  if (Object.hasOwn(item, listMapKey)) return undefined;
  const defaults = "(and doesn't have default values for any key fields)";
  return `${list} has an element that omits all key fields ["${listMapKey}"] ${defaults}`;
}
