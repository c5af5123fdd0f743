import type { JsonObject } from '../../diagnostics/json.ts';
import { isJsonObject } from '../../diagnostics/json.ts';
import type { FieldError } from '../../platform/custom-resource/field-error.ts';
import {
  changeableMetadataErrors,
  metadataErrors,
  type NameErrors,
} from '../../platform/custom-resource/metadata-errors.ts';
import { ruleErrors } from '../../platform/custom-resource/rule-errors.ts';
import { schemaErrors } from '../../platform/custom-resource/schema-errors.ts';
import type { StructuralSchema } from '../../platform/custom-resource/structural-schema.ts';

/** How the API server decodes and validates a kind of its own, as far as it is described here. */
export interface BuiltInKind {
  /** Its fields with `goName`s, beside version, kind and metadata. */
  readonly schema: StructuralSchema;
  /** By default the name is a DNS subdomain. */
  readonly nameErrors?: NameErrors;
  /** What one field's schema cannot say, of an object without empty fields. */
  readonly errors?: (object: JsonObject) => readonly FieldError[];
}

/** Everything that makes the API server refuse a new object of a kind of its own, in its words. */
export function builtInCreationErrors(
  object: JsonObject,
  kind: BuiltInKind,
): readonly FieldError[] {
  return [...metadataErrors(metadataOf(object), kind.nameErrors), ...contentErrors(object, kind)];
}

/** The same for a replaced object; its name is the stored one's. */
export function builtInUpdateErrors(object: JsonObject, kind: BuiltInKind): readonly FieldError[] {
  return [...changeableMetadataErrors(metadataOf(object)), ...contentErrors(object, kind)];
}

function contentErrors(object: JsonObject, { schema, errors }: BuiltInKind): readonly FieldError[] {
  const { metadata: _, ...content } = object;
  const filled = withoutEmptyFields(content);
  return [
    ...schemaErrors(filled, schema, []),
    ...ruleErrors(filled, schema),
    ...(errors?.(filled) ?? []),
  ];
}

/** To Go, an empty text or list is the same as none; an item of a list stays. */
function withoutEmptyFields(object: JsonObject): JsonObject {
  const fields = Object.entries(object)
    .filter(([, value]) => value !== null && value !== '' && !Bun.deepEquals(value, []))
    .map(([name, value]) => [name, filledValue(value)] as const);
  return Object.fromEntries(fields);
}

function filledValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filledValue);
  return isJsonObject(value) ? withoutEmptyFields(value) : value;
}

function metadataOf({ metadata }: JsonObject): JsonObject {
  return isJsonObject(metadata) ? metadata : {};
}
