import type { JsonObject } from '../diagnostics/json.ts';
import { decodeObject } from './api-decode.ts';
import { checkName, patchObject } from './api-patch.ts';
import type { RequestInfo } from './api-request.ts';
import { apiVersionOf, type Resource } from './api-resources.ts';
import type { Answer } from './api-response.ts';
import { badRequest, unsupportedMediaType } from './api-status.ts';
import type { ObjectStore } from './api-store.ts';
import { createObject, updateObject, type Write } from './api-write.ts';
import { mediaTypeOf, type OptionsKind, readWriteOptions } from './api-write-options.ts';

const OBJECT_TYPES = ['application/json', 'application/yaml'];

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
  const write = writeOf(asked, 'CreateOptions');
  const object = await receivedObject(asked, write);
  return { status: 201, body: createObject(write, object) };
}

/** Answers a PUT to an object or its status. @throws StatusError for every refusal. */
export async function answerUpdate(asked: WriteRequest): Promise<Answer> {
  const write = writeOf(asked, 'UpdateOptions');
  const object = await receivedObject(asked, write);
  checkName(write, object);
  const { store, resource, info } = write;
  const existing = store.need(resource, resource.namespaced ? info.namespace : '', info.name);
  return { status: 200, body: updateObject(write, object, existing) };
}

/** Answers a PATCH of an object or its status. @throws StatusError for every refusal. */
export async function answerPatch(asked: WriteRequest): Promise<Answer> {
  const write = writeOf(asked, 'PatchOptions');
  const text = await asked.request.text();
  const { object, isNew } = patchObject(write, mediaTypeOf(asked.request), text);
  return { status: isNew ? 201 : 200, body: object };
}

function writeOf({ request, ...target }: WriteRequest, kind: OptionsKind): Write {
  return { ...target, options: readWriteOptions(request, kind) };
}

async function receivedObject(
  { request, resource, warnings }: WriteRequest,
  { options }: Write,
): Promise<JsonObject> {
  const mediaType = mediaTypeOf(request) || 'application/json';
  // Clients that set no type send text/plain.
  if (!OBJECT_TYPES.includes(mediaType)) throw unsupportedMediaType(OBJECT_TYPES);
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
