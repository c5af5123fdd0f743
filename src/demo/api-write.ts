import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { goQuote } from '../kubelet/go-quote.ts';
import { type FieldError, invalid } from '../platform/custom-resource/field-error.ts';
import { finalizerWarnings } from '../platform/custom-resource/metadata-errors.ts';
import {
  creationErrors,
  statusErrors,
  updateErrors,
} from '../platform/custom-resource/validate.ts';
import { type FieldOwners, ownersAfterUpdate } from './api-apply-patch.ts';
import { type ApiObject, isApiObject, type ObjectMeta } from './api-object.ts';
import type { RequestInfo } from './api-request.ts';
import type { Resource } from './api-resources.ts';
import { badRequest, internalError, invalidObject, unclassified } from './api-status.ts';
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

/** What came of a patch. */
export interface Patched {
  readonly object: ApiObject;
  readonly isNew: boolean;
}

/**
 * Stores a new object: validated, without a status, at generation 1 where its kind has a schema.
 * @throws StatusError 422 for an object that breaks rules, 409 for a taken name.
 */
export function createObject(write: Write, candidate: JsonObject, owners?: FieldOwners): ApiObject {
  const { store, resource, options } = write;
  const placed = placedObject(write, candidate);
  const fresh = { ...placed, metadata: newMetadata(metadataOf(placed)) };
  const object = resource.schema === undefined ? fresh : firstGeneration(fresh);
  refuseToCreate(write, candidate, object);
  if (!isApiObject(object)) throw badRequest('metadata.name: Required value');
  if (Number(metadataOf(candidate)['resourceVersion'] ?? 0) > 0) {
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
  requireVersion(write, metadataOf(placed)['resourceVersion'], existing);
  const object = nextObject(write, placed, existing);
  if (!isApiObject(object)) throw badRequest('metadata.name: Required value');
  const replaced = store.replace(resource, object, options);
  if (isGone(replaced) && !options.dryRun) {
    return store.delete(resource, replaced.metadata.namespace ?? '', replaced.metadata.name);
  }
  remember(write, replaced, owners ?? ownersOf(write, existing, replaced));
  return replaced;
}

function refuseToCreate(write: Write, candidate: JsonObject, object: JsonObject): void {
  const { resource, warnings } = write;
  const { schema, builtIn } = resource;
  if (builtIn !== undefined) refuse(resource, object, builtInCreationErrors(object, builtIn));
  if (schema === undefined) return;
  refuse(typeOf(candidate), object, creationErrors(object, { ...resource, schema }));
  for (const warning of finalizerWarnings(metadataOf(object), {})) warnings.add(warning);
}

/** The last finalizer of an object that is being deleted has gone. */
function isGone({ metadata }: ApiObject): boolean {
  const { deletionTimestamp, finalizers } = metadata;
  const isHeld = Array.isArray(finalizers) && finalizers.length > 0;
  return deletionTimestamp !== undefined && !isHeld;
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

/** What the server gives is dropped. */
function newMetadata(metadata: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(metadata).filter(([name]) => !SERVER_GIVEN.includes(name)),
  );
}

const SERVER_GIVEN = [
  'uid',
  'creationTimestamp',
  'selfLink',
  'resourceVersion',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];

function firstGeneration(object: JsonObject): JsonObject {
  const { status: _, ...withoutStatus } = object;
  return { ...withoutStatus, metadata: { ...metadataOf(object), generation: 1 } };
}

/** Custom resources may not be replaced without saying which version is meant; it must be the present one. */
function requireVersion(
  { store, resource, info }: Write,
  resourceVersion: unknown,
  existing: ApiObject,
): void {
  if (resource.schema === undefined) return;
  const version = typeof resourceVersion === 'string' ? resourceVersion : '';
  if (!/^[0-9]*$/.test(version)) {
    throw unclassified(`strconv.ParseUint: parsing ${goQuote(version)}: invalid syntax`);
  }
  if (Number(version) === 0) {
    const error = invalid(['metadata', 'resourceVersion'], 0, 'must be specified for an update');
    throw invalidObject({ group: resource.group, kind: resource.plural }, info.name, [error]);
  }
  store.requireVersion(resource, existing, version);
}

function nextObject(write: Write, candidate: JsonObject, existing: ApiObject): JsonObject {
  const { resource, info } = write;
  if (resource.builtIn !== undefined) {
    refuse(resource, candidate, builtInUpdateErrors(candidate, resource.builtIn));
  }
  if (resource.schema === undefined) return candidate;
  const definition = { ...resource, schema: resource.schema };
  const { resourceVersion } = metadataOf(candidate);
  const type = typeOf(candidate);
  if (info.subresource === 'status') {
    const object = {
      ...withStatusOf(existing, candidate),
      metadata: { ...existing.metadata, resourceVersion },
    };
    refuse(type, object, statusErrors(object, definition));
    return object;
  }
  const kept = withStatusOf(candidate, existing);
  const generation = Number(existing.metadata['generation'] ?? 1);
  const isChanged = !isDeepStrictEqual(withoutMetadata(kept), withoutMetadata(existing));
  const metadata = {
    ...storedAlone(existing.metadata),
    ...metadataOf(kept),
    creationTimestamp: existing.metadata.creationTimestamp,
    generation: isChanged ? generation + 1 : generation,
  };
  const object = { ...kept, metadata };
  refuse(type, object, updateErrors(object, existing, definition));
  for (const one of finalizerWarnings(metadata, existing.metadata)) write.warnings.add(one);
  return object;
}

function withStatusOf(object: JsonObject, { status }: JsonObject): JsonObject {
  const { status: _, ...rest } = object;
  return status === undefined ? rest : { ...rest, status };
}

function withoutMetadata({ metadata: _, ...rest }: JsonObject): JsonObject {
  return rest;
}

/** What an update without it leaves as it is. */
function storedAlone({
  uid,
  deletionTimestamp,
  deletionGracePeriodSeconds,
}: ObjectMeta): JsonObject {
  const kept = Object.entries({ uid, deletionTimestamp, deletionGracePeriodSeconds });
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}

interface ObjectType {
  readonly group: string;
  readonly kind: string;
}

/** @throws StatusError 500 without an apiVersion. */
function typeOf({ apiVersion = '', kind = '' }: JsonObject): ObjectType {
  if (apiVersion === '') {
    throw internalError("Object 'apiVersion' is missing in 'object has no apiVersion field'");
  }
  const [group = '', version] = String(apiVersion).split('/');
  return { group: version === undefined ? '' : group, kind: String(kind) };
}

function refuse(type: ObjectType, object: JsonObject, errors: readonly FieldError[]): void {
  if (errors.length === 0) return;
  throw invalidObject(type, String(metadataOf(object)['name'] ?? ''), errors);
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

/** @throws StatusError 400 where an object's name is not that of the request's path. */
export function checkName({ info }: Write, object: JsonObject): void {
  const { name } = metadataOf(object);
  if (typeof name !== 'string' || name === '') {
    throw badRequest(
      `the name of the object (${info.name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (name !== info.name) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${info.name})`,
    );
  }
}
