import { isJsonObject, type JsonObject } from '../../diagnostics/json.ts';
import { dotted, type FieldPath } from './field-error.ts';
import { asObjectMeta } from './object-meta.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** An object as the API server keeps it, and what it dropped on the way. */
export interface Pruned {
  readonly object: JsonObject;
  /** Paths of fields that the schema does not know, sorted; without those of `metadata`. */
  readonly unknownFields: readonly string[];
}

const TYPE_AND_METADATA: readonly string[] = ['apiVersion', 'kind', 'metadata'];

/**
 * Leaves out of an object what its schema does not know, and every field whose value is null. Source of
 * the rule: apiextensions-apiserver, schema/pruning and schema/defaulting.
 */
export function prune(object: JsonObject, schema: StructuralSchema): Pruned {
  const unknown: string[] = [];
  const kept = keptFields(object, ([name, value]) => {
    if (name === 'metadata') return isJsonObject(value) ? asObjectMeta(value) : value;
    if (TYPE_AND_METADATA.includes(name)) return value;
    return prunedField(schema, { name, value, path: [name] }, unknown);
  });
  return { object: kept, unknownFields: unknown.sort() };
}

interface Field {
  readonly name: string;
  readonly value: unknown;
  readonly path: FieldPath;
}

function prunedField(schema: StructuralSchema, field: Field, unknown: string[]): unknown {
  const { name, value, path } = field;
  const known = Object.hasOwn(schema.properties ?? {}, name)
    ? schema.properties?.[name]
    : schema.additionalProperties;
  if (known !== undefined) return pruned(value, known, path, unknown);
  if (schema.preserveUnknownFields) return value;
  unknown.push(dotted(path));
  return undefined;
}

/** For the items of a list that stands where there should be none. */
const NOTHING_KNOWN: StructuralSchema = { type: 'object' };

function pruned(
  value: unknown,
  schema: StructuralSchema,
  path: FieldPath,
  unknown: string[],
): unknown {
  if (schema.type === 'any') return value;
  if (Array.isArray(value)) {
    const { items = NOTHING_KNOWN } = schema;
    return value.map((item, index) => pruned(item, items, [...path, index], unknown));
  }
  if (!isJsonObject(value)) return value;
  return keptFields(value, ([name, inner]) =>
    prunedField(schema, { name, value: inner, path: [...path, name] }, unknown),
  );
}

function keptFields(
  object: JsonObject,
  keep: (field: readonly [name: string, value: unknown]) => unknown,
): JsonObject {
  const fields = Object.entries(object)
    .map(([name, value]) => [name, keep([name, value])] as const)
    .filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(fields);
}
