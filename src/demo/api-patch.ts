import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { plainValue } from '../kubelet/document-tree.ts';
import { invalid } from '../platform/custom-resource/field-error.ts';
import { applyError } from './api-apply-errors.ts';
import { applyConfiguration, type FieldOwners } from './api-apply-patch.ts';
import { decodeBody, decodeValue } from './api-decode.ts';
import { jsonPatch, PatchError } from './api-json-patch.ts';
import { mergePatch } from './api-merge-patch.ts';
import type { ApiObject } from './api-object.ts';
import { apiVersionOf } from './api-resources.ts';
import {
  applyConflict,
  badRequest,
  invalidObject,
  notFound,
  patchDoesNotFit,
  unclassified,
  unsupportedMediaType,
} from './api-status.ts';
import { createObject, metadataOf, updateObject, type Write } from './api-write.ts';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';
const PATCHES = [JSON_PATCH, MERGE_PATCH, APPLY_PATCH];

/** What came of a patch. */
export interface Patched {
  readonly object: ApiObject;
  readonly isNew: boolean;
}

/** Changes an object by a JSON, merge or server-side apply patch; only the last makes one that is missing. */
export function patchObject(write: Write, mediaType: string, text: string): Patched {
  if (!PATCHES.includes(mediaType)) throw unsupportedMediaType(PATCHES);
  const body = decodeBody(text, mediaType);
  if ('error' in body) throw badRequest(`error decoding patch: ${body.error}`);
  const patch = plainValue(body.root);
  const { store, resource, info } = write;
  const existing = store.get(resource, resource.namespaced ? info.namespace : '', info.name);
  if (mediaType === APPLY_PATCH) return applied(write, patch, existing);
  if (existing === undefined) throw notFound(resource, info.name);
  const isJson = mediaType === JSON_PATCH;
  const result = isJson ? withJsonPatch(existing, patch) : withMergePatch(existing, patch);
  const repetitions = isJson
    ? body.repetitions.map((one) => `json patch ${one}`)
    : body.repetitions;
  const object = decodedPatch(write, result, repetitions);
  checkName(write, object);
  return { object: updateObject(write, object, existing), isNew: false };
}

function withJsonPatch(existing: ApiObject, patch: unknown): unknown {
  if (!Array.isArray(patch)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
  }
  try {
    return jsonPatch(existing, patch);
  } catch (error) {
    if (error instanceof PatchError) throw patchDoesNotFit();
    throw error;
  }
}

function withMergePatch(existing: ApiObject, patch: unknown): unknown {
  if (isJsonObject(patch)) return mergePatch(existing, patch);
  throw badRequest(
    'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
  );
}

function decodedPatch(
  { resource, options, warnings }: Write,
  result: unknown,
  repetitions: readonly string[],
): JsonObject {
  const decoded = decodeValue(isJsonObject(result) ? result : {}, resource);
  const objections = [...repetitions, ...decoded.warnings];
  if (options.fieldValidation === 'Strict' && objections.length > 0) {
    const detail = `strict decoding error: ${objections.join(', ')}`;
    const error = invalid(['patch'], JSON.stringify(result), detail);
    throw invalidObject({ group: '', kind: '' }, '', [error]);
  }
  if (options.fieldValidation === 'Warn') for (const one of objections) warnings.add(one);
  return decoded.object;
}

function applied(write: Write, patch: unknown, existing: ApiObject | undefined): Patched {
  const { store, resource, info, options } = write;
  const config = configurationOf(write, patch);
  const live = existing ?? { apiVersion: apiVersionOf(resource), kind: resource.kind };
  const manager = `"${options.fieldManager}"${info.subresource === '' ? '' : ` with subresource "${info.subresource}"`}`;
  const owners: FieldOwners = store.owners.get(existing?.metadata.uid ?? '') ?? new Map();
  const { schema } = resource;
  const result = applyConfiguration({ live, config, schema, owners, manager });
  if (result.conflicts.length > 0 && !options.force) throw applyConflict(result.conflicts);
  const object = decodedPatch(write, result.object, []);
  checkName(write, object);
  const isNew = existing === undefined;
  const stored = isNew
    ? createObject(write, object, result.owners)
    : updateObject(write, object, existing, result.owners);
  return { object: stored, isNew };
}

/** The configuration without what the patched part of the object may not set. */
function configurationOf({ resource, info }: Write, patch: unknown): JsonObject {
  const config = isJsonObject(patch) ? patch : {};
  const { apiVersion = '', kind = '' } = config;
  const expected = apiVersionOf(resource);
  if (apiVersion !== expected) {
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${apiVersion}, expected: ${expected}`,
    );
  }
  const metadata = metadataOf(config);
  if (metadata['managedFields'] !== undefined)
    throw badRequest('metadata.managedFields must be nil');
  const error = resource.schema && applyError(config, resource.schema);
  if (error !== undefined) {
    const what = `${metadata['namespace'] ?? ''}/${metadata['name'] ?? ''}; ${apiVersion}, Kind=${kind}`;
    throw unclassified(`failed to create typed patch object (${what}): ${error}`);
  }
  const { spec: _, status, ...rest } = config;
  if (resource.schema === undefined) return config;
  if (info.subresource !== 'status') return withoutStatus(config);
  const { name } = metadata;
  return { ...rest, metadata: { name }, ...(status === undefined ? {} : { status }) };
}

function withoutStatus({ status: _, ...rest }: JsonObject): JsonObject {
  return rest;
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
