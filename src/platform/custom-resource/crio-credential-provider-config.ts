import { isJsonObject } from '../../diagnostics/json.ts';
import type { CustomResource, StructuralSchema } from './structural-schema.ts';

const MATCH_IMAGE =
  '^((\\*|[a-z0-9]([a-z0-9-]*[a-z0-9])?)(\\.(\\*|[a-z0-9]([a-z0-9-]*[a-z0-9])?))*)(:[0-9]+)?(/[-a-z0-9._/]*)?$';
const CEL_MATCH_IMAGE = MATCH_IMAGE.replaceAll('\\', '\\\\');

const matchImages: StructuralSchema = {
  type: 'array',
  listType: 'set',
  minItems: 1,
  maxItems: 50,
  items: {
    type: 'string',
    minLength: 1,
    maxLength: 512,
    rules: [
      {
        rule: "self != '*'",
        message: "global wildcard '*' is not allowed",
        holds: (self) => self !== '*',
      },
      {
        rule: `self.matches('${CEL_MATCH_IMAGE}')`,
        message:
          'invalid matchImages value, must be a valid fully qualified domain name in lowercase with optional wildcard, port, and path',
        holds: (self) => new RegExp(MATCH_IMAGE).test(String(self)),
      },
    ],
  },
};

/** metav1.Condition. */
const condition: StructuralSchema = {
  type: 'object',
  required: ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
  properties: {
    lastTransitionTime: { type: 'string', format: 'date-time' },
    message: { type: 'string', maxLength: 32768 },
    observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
    reason: {
      type: 'string',
      minLength: 1,
      maxLength: 1024,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    },
    status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
    type: {
      type: 'string',
      maxLength: 316,
      pattern:
        '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
    },
  },
};

const conditions: StructuralSchema = {
  type: 'array',
  listType: 'map',
  listMapKey: 'type',
  minItems: 1,
  maxItems: 16,
  items: condition,
};

/**
 * The cluster's one list of images for which the mirror credential provider runs. The schema is that of
 * OpenShift's API (openshift/api, config/v1), so that an object moves between both unchanged.
 */
export const CRIO_CREDENTIAL_PROVIDER_CONFIG: CustomResource = {
  group: 'config.openshift.io',
  version: 'v1',
  kind: 'CRIOCredentialProviderConfig',
  plural: 'criocredentialproviderconfigs',
  schema: {
    type: 'object',
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec: { type: 'object', properties: { matchImages } },
      status: { type: 'object', minProperties: 1, properties: { conditions } },
    },
    rules: [
      {
        rule: "self.metadata.name == 'cluster'",
        message: "criocredentialproviderconfig is a singleton, .metadata.name must be 'cluster'",
        holds: (self) =>
          isJsonObject(self) &&
          isJsonObject(self['metadata']) &&
          self['metadata']['name'] === 'cluster',
      },
    ],
  },
};
