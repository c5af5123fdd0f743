import { asJson, type DocumentNode, fieldOf } from '../../kubelet/document-tree.ts';
import {
  type DecodingProblem,
  decodingProblems,
  GO_BOOLEAN,
  GO_STRING,
  GO_STRINGS,
  type GoType,
  goStruct,
} from '../../kubelet/go-struct.ts';

const NUMBER: GoType = { is: 'number', goName: 'int64' };
const STRING_MAP: GoType = { is: 'map', goName: 'map[string]string', of: GO_STRING };

const OWNER_REFERENCE = goStruct('v1.OwnerReference', {
  apiVersion: GO_STRING,
  blockOwnerDeletion: GO_BOOLEAN,
  controller: GO_BOOLEAN,
  kind: GO_STRING,
  name: GO_STRING,
  uid: GO_STRING,
});

const MANAGED_FIELDS_ENTRY = goStruct('v1.ManagedFieldsEntry', {
  apiVersion: GO_STRING,
  fieldsType: GO_STRING,
  fieldsV1: goStruct('v1.FieldsV1', {}),
  manager: GO_STRING,
  operation: GO_STRING,
  subresource: GO_STRING,
  time: GO_STRING,
});

/** The metadata of an object (meta/v1). */
export const OBJECT_META = goStruct('v1.ObjectMeta', {
  annotations: STRING_MAP,
  creationTimestamp: GO_STRING,
  deletionGracePeriodSeconds: NUMBER,
  deletionTimestamp: GO_STRING,
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
  uid: GO_STRING,
});

/** The first value of an object's metadata that has a wrong type: the API server decodes no further. */
export function metadataTypeProblem(root: DocumentNode): DecodingProblem | undefined {
  const metadata = fieldOf(root, 'metadata');
  return metadata && decodingProblems(asJson(metadata), OBJECT_META).wrongValues[0];
}
