import { type DocumentNode, isDocumentError, plainValue } from '../kubelet/document-tree.ts';
import {
  decodingProblems,
  GO_ANYTHING,
  GO_STRING,
  type GoType,
  goStruct,
} from '../kubelet/go-struct.ts';
import { goJson } from '../kubelet/go-value.ts';
import { readJson } from '../kubelet/read-json.ts';
import { applyPatch } from './api-apply.ts';
import { jsonPatch, PatchError } from './api-json-patch.ts';
import { mergePatch } from './api-merge-patch.ts';
import type { ApiObject } from './api-object.ts';
import { patchedObject } from './api-patched-object.ts';
import { badRequest, notFound, patchDoesNotFit, unsupportedMediaType } from './api-status.ts';
import { checkName, type Patched, updateObject, type Write } from './api-write.ts';
import type { FieldValidation } from './api-write-options.ts';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';
const PATCHES = [JSON_PATCH, MERGE_PATCH, APPLY_PATCH];

/** @throws StatusError 415 for what is no patch. */
export function checkPatchType(mediaType: string): void {
  if (!PATCHES.includes(mediaType)) throw unsupportedMediaType(PATCHES);
}

/** Changes an object by a JSON, merge or server-side apply patch; only the last makes one that is missing. */
export function patchObject(write: Write, mediaType: string, text: string): Patched {
  const { store, resource, info, options } = write;
  const existing = store.get(resource, resource.namespaced ? info.namespace : '', info.name);
  const mayCreate = mediaType === APPLY_PATCH && info.subresource === '';
  if (existing === undefined && !mayCreate) throw notFound(resource, info.name);
  if (mediaType === APPLY_PATCH || existing === undefined) return applyPatch(write, text, existing);
  const kind = mediaType === JSON_PATCH ? OPERATIONS : MERGING;
  const { root, objections } = decodedPatch(text, kind, options.fieldValidation);
  const result = kind.apply(existing, root);
  const object = patchedObject(write, goJson(result), objections);
  checkName(write, object);
  return { object: updateObject(write, object, existing), isNew: false };
}

interface PatchKind {
  readonly type: GoType;
  /** The same where its fields are not looked at. */
  readonly looseType: GoType;
  /** How its objections begin. */
  readonly prefix: string;
  /** How it is refused then. */
  readonly refusal: (message: string) => string;
  readonly apply: (existing: ApiObject, patch: DocumentNode) => unknown;
}

const OPERATION = goStruct('handlers.jsonPatchOp', {
  op: GO_STRING,
  path: GO_STRING,
  from: GO_STRING,
  value: GO_ANYTHING,
});

const OPERATIONS: PatchKind = {
  type: { is: 'list', goName: '[]handlers.jsonPatchOp', of: OPERATION },
  looseType: {
    is: 'list',
    goName: 'jsonpatch.Patch',
    of: { is: 'map', goName: 'jsonpatch.Operation', of: GO_ANYTHING },
  },
  prefix: 'json patch ',
  refusal: (message) => message,
  apply: withJsonPatch,
};

const MERGING: PatchKind = {
  type: { is: 'map', goName: 'map[string]interface {}', of: GO_ANYTHING },
  looseType: GO_ANYTHING,
  prefix: '',
  refusal: () => BAD_MERGE_PATCH,
  apply: withMergePatch,
};

const BAD_MERGE_PATCH = 'Invalid JSON Patch';

/** @throws StatusError 400 for what is no patch of that kind. */
function decodedPatch(
  text: string,
  kind: PatchKind,
  fieldValidation: FieldValidation,
): { readonly root: DocumentNode; readonly objections: readonly string[] } {
  const isLoose = fieldValidation === 'Ignore';
  const refused = (message: string): Error =>
    badRequest(isLoose ? kind.refusal(message) : `error decoding patch: ${message}`);
  const root = readJson(text);
  if (isDocumentError(root)) throw refused(root.message);
  const { wrongValues, strictErrors } = decodingProblems(
    root,
    isLoose ? kind.looseType : kind.type,
  );
  const [error] = wrongValues;
  if (error !== undefined) throw refused(error.message);
  if (isLoose) return { root, objections: [] };
  return { root, objections: strictErrors.map(({ message }) => kind.prefix + message) };
}

function withJsonPatch(existing: ApiObject, patch: DocumentNode): unknown {
  try {
    return jsonPatch(existing, patch.type === 'array' ? patch.items.map(plainValue) : []);
  } catch (error) {
    if (error instanceof PatchError) throw patchDoesNotFit();
    throw error;
  }
}

function withMergePatch(existing: ApiObject, patch: DocumentNode): unknown {
  if (patch.type !== 'object' && patch.type !== 'array') throw badRequest(BAD_MERGE_PATCH);
  return mergePatch(existing, plainValue(patch));
}
