import type { JsonObject } from '../../diagnostics/json.ts';
import { isJsonObject } from '../../diagnostics/json.ts';
import {
  type FieldError,
  type FieldPath,
  invalid,
} from '../../platform/custom-resource/field-error.ts';
import type { NameErrors } from '../../platform/custom-resource/metadata-errors.ts';
import type { StructuralSchema } from '../../platform/custom-resource/structural-schema.ts';

export const TEXT: StructuralSchema = { type: 'string' };
export const FLAG: StructuralSchema = { type: 'boolean' };

/** A struct of Go with that name. What is required is looked for after decoding. */
export function struct(
  goName: string,
  properties: Readonly<Record<string, StructuralSchema>>,
  required: readonly string[] = [],
): StructuralSchema {
  return { type: 'object', goName, properties, required };
}

export function list(items: StructuralSchema): StructuralSchema {
  return { type: 'array', items };
}

export function mapOf(additionalProperties: StructuralSchema): StructuralSchema {
  return { type: 'object', additionalProperties };
}

/** Fields that are known and not described, by their names. */
export function known(...names: readonly string[]): Readonly<Record<string, StructuralSchema>> {
  return Object.fromEntries(names.map((name) => [name, { type: 'any' }]));
}

/** v1.LocalObjectReference. */
export const LOCAL_REFERENCE = struct('v1.LocalObjectReference', { name: TEXT });

/** A value that can only be an object here, after its schema was checked; of anything else, an empty one. */
export function objectAt(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : {};
}

/** The same for a list of objects. */
export function objectsAt(object: JsonObject, name: string): readonly JsonObject[] {
  const value = object[name];
  return Array.isArray(value) ? value.map((item) => (isJsonObject(item) ? item : {})) : [];
}

/** What is wrong with a name in a field, where there is one. */
export function nameErrorsAt(
  path: FieldPath,
  name: unknown,
  errorsOfName: NameErrors,
): readonly FieldError[] {
  if (typeof name !== 'string') return [];
  return errorsOfName(name).map((rule) => invalid(path, name, rule));
}
