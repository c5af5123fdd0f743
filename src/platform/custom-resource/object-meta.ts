import { isJsonObject, type JsonObject } from '../../diagnostics/json.ts';
import { asJson, type DocumentNode, fieldOf } from '../../kubelet/document-tree.ts';
import {
  type DecodingProblem,
  decodingProblems,
  GO_BOOLEAN,
  GO_STRING,
  GO_STRINGS,
  GO_TIME,
  type GoStruct,
  type GoType,
  goStruct,
} from '../../kubelet/go-struct.ts';

const NUMBER: GoType = { is: 'integer', goName: 'int64' };
const UID: GoType = { is: 'string', goName: 'types.UID' };
const STRING_MAP: GoType = { is: 'map', goName: 'map[string]string', of: GO_STRING };

const OWNER_REFERENCE = goStruct('v1.OwnerReference', {
  apiVersion: GO_STRING,
  blockOwnerDeletion: GO_BOOLEAN,
  controller: GO_BOOLEAN,
  kind: GO_STRING,
  name: GO_STRING,
  uid: UID,
});

const MANAGED_FIELDS_ENTRY = goStruct('v1.ManagedFieldsEntry', {
  apiVersion: GO_STRING,
  fieldsType: GO_STRING,
  fieldsV1: { is: 'any', goName: 'v1.FieldsV1' },
  manager: GO_STRING,
  operation: { is: 'string', goName: 'v1.ManagedFieldsOperationType' },
  subresource: GO_STRING,
  time: GO_TIME,
});

/** The metadata of an object (meta/v1). */
export const OBJECT_META = goStruct('v1.ObjectMeta', {
  annotations: STRING_MAP,
  creationTimestamp: GO_TIME,
  deletionGracePeriodSeconds: NUMBER,
  deletionTimestamp: GO_TIME,
  finalizers: GO_STRINGS,
  generateName: GO_STRING,
  generation: NUMBER,
  labels: STRING_MAP,
  managedFields: { is: 'list', goName: '[]v1.ManagedFieldsEntry', of: MANAGED_FIELDS_ENTRY },
  name: GO_STRING,
  namespace: GO_STRING,
  ownerReferences: { is: 'list', goName: '[]v1.OwnerReference', of: OWNER_REFERENCE },
  resourceVersion: GO_STRING,
  selfLink: GO_STRING,
  uid: UID,
});

/** Of an object's metadata, what the API server cannot decode, and what it drops. */
export interface MetadataProblems {
  /** It decodes no further then. */
  readonly error?: DecodingProblem;
  /** `unknown field "metadata.x"`. */
  readonly unknownFields: readonly DecodingProblem[];
}

/** Compares an object's metadata with what metadata can be. */
export function metadataProblems(root: DocumentNode): MetadataProblems {
  const metadata = fieldOf(root, 'metadata');
  if (metadata === undefined) return { unknownFields: [] };
  const { wrongValues, strictErrors } = decodingProblems(asJson(metadata), OBJECT_META);
  const [error] = wrongValues;
  const named = strictErrors.map(({ message, offset }) => {
    return { message: message.replace('"', '"metadata.'), offset };
  });
  return { unknownFields: named, ...(error === undefined ? {} : { error }) };
}

/** These differ from zero where they are missing. */
const OPTIONAL: readonly string[] = [
  'blockOwnerDeletion',
  'controller',
  'deletionGracePeriodSeconds',
];
/** These are there even if empty. */
const ALWAYS_THERE: readonly string[] = ['apiVersion', 'kind', 'name', 'uid'];

/** Metadata as it comes back from a Go struct: known fields alone, without what is empty. */
export function asObjectMeta(metadata: JsonObject): JsonObject {
  return throughStruct(metadata, OBJECT_META);
}

function throughStruct(object: JsonObject, type: GoStruct): JsonObject {
  const preset = type === OWNER_REFERENCE ? ALWAYS_THERE.map((name) => [name, ''] as const) : [];
  const fields = Object.entries(object).flatMap(([name, value]) => {
    const field = type.fields.get(name);
    if (field === undefined || value === null) return [];
    const kept = throughGo(value, field);
    return isEmpty(kept) && !OPTIONAL.includes(name) ? [] : [[name, kept] as const];
  });
  return Object.fromEntries([...preset, ...fields]);
}

function throughGo(value: unknown, type: GoType): unknown {
  if (type.is === 'list' && Array.isArray(value)) {
    return value.map((item) => throughGo(item ?? zero(type.of), type.of));
  }
  if (!isJsonObject(value)) return value;
  if (type.is === 'struct') return throughStruct(value, type);
  if (type.is !== 'map') return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, inner ?? zero(type.of)]);
  return Object.fromEntries(entries);
}

function zero(type: GoType): unknown {
  return type.is === 'struct' ? {} : '';
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isJsonObject(value)) return Object.keys(value).length === 0;
  return value === '' || value === 0 || value === false;
}
