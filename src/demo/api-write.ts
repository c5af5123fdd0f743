import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { type FieldError, invalid } from '../platform/custom-resource/field-error.ts';
import {
  creationErrors,
  statusErrors,
  updateErrors,
} from '../platform/custom-resource/validate.ts';
import { type FieldOwners, ownersAfterUpdate } from './api-apply-patch.ts';
import { type ApiObject, isApiObject } from './api-object.ts';
import type { RequestInfo } from './api-request.ts';
import type { Resource } from './api-resources.ts';
import { badRequest, invalidObject, unclassified } from './api-status.ts';
import type { ObjectStore } from './api-store.ts';
import type { WriteOptions } from './api-write-options.ts';
import { builtInCreationErrors, builtInUpdateErrors } from './kinds/built-in-kind.ts';

/** Where a write goes, and how. */
export interface Write {
  readonly store: ObjectStore;
  readonly resource: Resource;
  readonly info: RequestInfo;
  readonly options: WriteOptions;
  /** What the client's user should know; filled on the way. */
  readonly warnings: Set<string>;
}

/**
 * Stores a new object: validated, without a status, at generation 1 where its kind has a schema.
 * @throws StatusError 422 for an object that breaks rules, 409 for a taken name.
 */
export function createObject(write: Write, candidate: JsonObject, owners?: FieldOwners): ApiObject {
  const { store, resource, options } = write;
  const placed = placedObject(write, candidate);
  const { uid: _, creationTimestamp: __, selfLink: ___, ...metadata } = metadataOf(placed);
  const fresh = { ...placed, metadata };
  const object = resource.schema === undefined ? fresh : firstGeneration(fresh);
  refuse(write, object, creationErrorsOf(object, resource));
  if (!isApiObject(object)) throw badRequest('metadata.name: Required value');
  if (object.metadata.resourceVersion !== undefined) {
    throw unclassified('resourceVersion should not be set on objects to be created');
  }
  const created = store.create(resource, object, options);
  remember(write, created, owners ?? ownersOf(write, {}, created));
  return created;
}

/** Replaces an object, or its status alone. @throws StatusError as createObject, and 409 for an old version. */
export function updateObject(
  write: Write,
  candidate: JsonObject,
  existing: ApiObject,
  owners?: FieldOwners,
): ApiObject {
  const { store, resource, options } = write;
  const placed = placedObject(write, candidate);
  const { resourceVersion } = metadataOf(placed);
  requireVersion(write, resourceVersion);
  const object = nextObject(write, placed, existing);
  if (!isApiObject(object)) throw badRequest('metadata.name: Required value');
  const replaced = store.replace(resource, object, options);
  remember(write, replaced, owners ?? ownersOf(write, existing, replaced));
  return replaced;
}

function creationErrorsOf(object: JsonObject, resource: Resource): readonly FieldError[] {
  const { schema, builtIn } = resource;
  if (builtIn !== undefined) return builtInCreationErrors(object, builtIn);
  return schema === undefined ? [] : creationErrors(object, { ...resource, schema });
}

function placedObject({ resource, info }: Write, object: JsonObject): JsonObject {
  const metadata = metadataOf(object);
  const { namespace = info.namespace } = metadata;
  if (resource.namespaced && namespace !== info.namespace) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
  const { namespace: _, ...clusterScoped } = metadata;
  return {
    ...object,
    metadata: resource.namespaced ? { ...metadata, namespace } : clusterScoped,
  };
}

function firstGeneration(object: JsonObject): JsonObject {
  const { status: _, ...withoutStatus } = object;
  return { ...withoutStatus, metadata: { ...metadataOf(object), generation: 1 } };
}

/** Custom resources may not be replaced without saying which version is meant. */
function requireVersion({ resource, info }: Write, resourceVersion: unknown): void {
  if (resource.schema === undefined) return;
  if (typeof resourceVersion === 'string' && resourceVersion !== '') return;
  const error = invalid(['metadata', 'resourceVersion'], 0, 'must be specified for an update');
  throw invalidObject({ group: resource.group, kind: resource.plural }, info.name, [error]);
}

function nextObject(write: Write, candidate: JsonObject, existing: ApiObject): JsonObject {
  const { resource, info } = write;
  if (resource.builtIn !== undefined) {
    refuse(write, candidate, builtInUpdateErrors(candidate, resource.builtIn));
  }
  if (resource.schema === undefined) return candidate;
  const definition = { ...resource, schema: resource.schema };
  const { resourceVersion } = metadataOf(candidate);
  if (info.subresource === 'status') {
    const object = {
      ...withStatusOf(existing, candidate),
      metadata: { ...existing.metadata, resourceVersion },
    };
    refuse(write, object, statusErrors(object, definition));
    return object;
  }
  const kept = withStatusOf(candidate, existing);
  const generation = Number(existing.metadata['generation'] ?? 1);
  const isChanged = !isDeepStrictEqual(withoutMetadata(kept), withoutMetadata(existing));
  const metadata = { ...metadataOf(kept), generation: isChanged ? generation + 1 : generation };
  const object = { ...kept, metadata };
  refuse(write, object, updateErrors(object, definition));
  return object;
}

function withStatusOf(object: JsonObject, { status }: JsonObject): JsonObject {
  const { status: _, ...rest } = object;
  return status === undefined ? rest : { ...rest, status };
}

function withoutMetadata({ metadata: _, ...rest }: JsonObject): JsonObject {
  return rest;
}

function refuse({ resource }: Write, object: JsonObject, errors: readonly FieldError[]): void {
  if (errors.length === 0) return;
  const { name = '' } = metadataOf(object);
  const kind = typeof object['kind'] === 'string' ? object['kind'] : resource.kind;
  throw invalidObject({ group: resource.group, kind }, String(name), errors);
}

function ownersOf({ store, resource, options }: Write, before: JsonObject, after: ApiObject) {
  const owners = store.owners.get(after.metadata.uid ?? '') ?? new Map();
  const manager = `"${options.fieldManager}" using ${after.apiVersion}`;
  return ownersAfterUpdate(before, after, resource.schema, { owners, manager });
}

function remember({ store, options }: Write, { metadata }: ApiObject, owners: FieldOwners): void {
  if (!options.dryRun && metadata.uid !== undefined) store.owners.set(metadata.uid, owners);
}

export function metadataOf(object: JsonObject): JsonObject {
  const { metadata } = object;
  return isJsonObject(metadata) ? metadata : {};
}
