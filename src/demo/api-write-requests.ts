import type { JsonObject } from '../diagnostics/json.ts';
import { decodeObject } from './api-decode.ts';
import { textAt } from './api-object.ts';
import { checkPatchType, patchObject } from './api-patch.ts';
import type { RequestInfo } from './api-request.ts';
import { apiVersionOf, type Resource } from './api-resources.ts';
import type { Answer } from './api-response.ts';
import { badRequest, unsupportedMediaType } from './api-status.ts';
import type { ObjectStore } from './api-store.ts';
import { checkName, createObject, updateObject, type Write } from './api-write.ts';
import { mediaTypeOf, type OptionsKind, readWriteOptions } from './api-write-options.ts';

const OBJECT_TYPES = ['application/json', 'application/yaml'];
/** Named among the accepted ones; only built-in kinds have it. */
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** A writing request, and what it goes to. */
export interface WriteRequest {
  readonly request: Request;
  readonly store: ObjectStore;
  readonly resource: Resource;
  readonly info: RequestInfo;
  /** What the client's user should know; filled while the request is answered. */
  readonly warnings: Set<string>;
}

/** Answers a POST. @throws StatusError for every refusal. */
export async function answerCreate(asked: WriteRequest): Promise<Answer> {
  checkObjectType(asked.request);
  const write = writeOf(asked, 'CreateOptions');
  const object = await receivedObject(asked, write);
  return { status: 201, body: createObject(write, object) };
}

/** @throws StatusError 400 where a path ends before the name. */
function requireName({ name }: RequestInfo): void {
  if (name === '') throw badRequest('name must be provided');
}

/** Answers a PUT to an object or its status. @throws StatusError for every refusal. */
export async function answerUpdate(asked: WriteRequest): Promise<Answer> {
  requireName(asked.info);
  const write = writeOf(asked, 'UpdateOptions');
  checkObjectType(asked.request);
  const object = await receivedObject(asked, write);
  checkName(write, object);
  const { store, resource, info } = write;
  const existing = store.need(resource, resource.namespaced ? info.namespace : '', info.name);
  store.requireUid(resource, existing, textAt(object, 'metadata.uid') ?? '');
  return { status: 200, body: updateObject(write, object, existing) };
}

/** Answers a PATCH of an object or its status. @throws StatusError for every refusal. */
export async function answerPatch(asked: WriteRequest): Promise<Answer> {
  const mediaType = mediaTypeOf(asked.request);
  checkPatchType(mediaType);
  requireName(asked.info);
  const write = writeOf(asked, 'PatchOptions');
  const { object, isNew } = patchObject(write, mediaType, await asked.request.text());
  return { status: isNew ? 201 : 200, body: object };
}

function writeOf({ request, ...target }: WriteRequest, kind: OptionsKind): Write {
  return { ...target, options: readWriteOptions(request, kind) };
}

/** @throws StatusError 415 for what is no object. */
export function checkObjectType(request: Request): void {
  // Clients that set no type send text/plain.
  if (OBJECT_TYPES.includes(objectType(request))) return;
  throw unsupportedMediaType([...OBJECT_TYPES, PROTOBUF]);
}

/** The media type of a request's object. */
export function objectType(request: Request): string {
  return mediaTypeOf(request) || 'application/json';
}

async function receivedObject(
  { request, resource, warnings }: WriteRequest,
  { options }: Write,
): Promise<JsonObject> {
  const mediaType = objectType(request);
  const decoded = decodeObject(await request.text(), mediaType, resource, options.fieldValidation);
  for (const warning of decoded.warnings) warnings.add(warning);
  const { apiVersion = '' } = decoded.object;
  const expected = apiVersionOf(resource);
  if (apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
    );
  }
  return decoded.object;
}
