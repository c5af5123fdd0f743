import { isJsonObject, type JsonObject } from '../../diagnostics/json.ts';
import { type ErrorReason, type FieldError, invalid } from './field-error.ts';
import { listTypeErrors } from './list-type-errors.ts';
import { metadataErrors, metadataUpdateErrors, replacedMetadataErrors } from './metadata-errors.ts';
import { ruleErrors } from './rule-errors.ts';
import { schemaErrors } from './schema-errors.ts';
import type { CustomResource } from './structural-schema.ts';

/**
 * Everything that makes the API server refuse a new object, in its order and words; the object is pruned
 * by then (see prune). Source of the order: apiextensions-apiserver, registry/customresource.
 */
export function creationErrors(
  object: JsonObject,
  resource: CustomResource,
): readonly FieldError[] {
  const errors = typeErrors(object, resource);
  const first =
    errors.length > 0
      ? errors
      : [...metadataErrors(metadataOf(object)), ...schemaErrors(object, resource.schema, [])];
  return withLaterErrors(first, object, resource);
}

/** The same for a replaced object; its name and status are the stored one's. */
export function updateErrors(
  object: JsonObject,
  stored: JsonObject,
  resource: CustomResource,
): readonly FieldError[] {
  const metadata = [metadataOf(object), metadataOf(stored)] as const;
  const errors = typeErrors(object, resource);
  const first =
    errors.length > 0
      ? errors
      : [...metadataUpdateErrors(...metadata), ...schemaErrors(object, resource.schema, [])];
  return withLaterErrors([...replacedMetadataErrors(...metadata), ...first], object, resource);
}

/** The same for an object of which only the status has changed. */
export function statusErrors(object: JsonObject, resource: CustomResource): readonly FieldError[] {
  const { status } = resource.schema.properties ?? {};
  const first =
    status === undefined || !Object.hasOwn(object, 'status')
      ? []
      : schemaErrors(object['status'], status, ['status']);
  return withLaterErrors(first, object, resource);
}

function typeErrors(object: JsonObject, resource: CustomResource): readonly FieldError[] {
  const apiVersion = `${resource.group}/${resource.version}`;
  const { kind } = resource;
  return [
    ...(object['kind'] === kind
      ? []
      : [invalid(['kind'], object['kind'] ?? '', `must be ${kind}`)]),
    ...(object['apiVersion'] === apiVersion
      ? []
      : [invalid(['apiVersion'], object['apiVersion'] ?? '', `must be ${apiVersion}`)]),
  ];
}

function withLaterErrors(
  errors: readonly FieldError[],
  object: JsonObject,
  { schema }: CustomResource,
): readonly FieldError[] {
  const sofar = [...errors, ...listTypeErrors(object, schema)];
  const isBlocked = sofar.some(({ reason }) => BLOCKING.has(reason));
  return [...sofar, ...(isBlocked ? [RULES_NOT_CHECKED] : ruleErrors(object, schema))];
}

/** After these the rules are not asked, since they could not rely on types and lengths. */
const BLOCKING: ReadonlySet<ErrorReason> = new Set<ErrorReason>([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/** Stands for the rules that were not checked; about no field. */
export const RULES_NOT_CHECKED: FieldError = invalid(
  [],
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to ' +
    'complete validation',
);

function metadataOf(object: JsonObject): JsonObject {
  const { metadata } = object;
  return isJsonObject(metadata) ? metadata : {};
}
