import type {
  CustomResource,
  StructuralSchema,
} from '../platform/custom-resource/structural-schema.ts';
import type { BuiltInKind } from './kinds/built-in-kind.ts';
import { NAMESPACE, SERVICE_ACCOUNT } from './kinds/core-kinds.ts';
import { POD } from './kinds/pod-kind.ts';
import { SECRET } from './kinds/secret-kind.ts';

/** One kind of object that the API server keeps. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Lower-case plural, as in paths and RBAC rules. */
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** The field labels a list can be selected by, besides `metadata.name` and `metadata.namespace`. */
  readonly fields: readonly string[];
  /** The text for any other label; kinds differ in it. */
  readonly unknownField: (label: string) => string;
  /** Of a custom resource, which has a status of its own then. */
  readonly schema?: StructuralSchema;
  /** Of a kind that the API server knows by itself; without it, its objects are taken as they are. */
  readonly builtIn?: BuiltInKind;
}

const unsupported = (label: string): string => `field label not supported: ${label}`;
const unknownToDefault = (label: string): string =>
  `"${label}" is not a known field selector: only "metadata.name", "metadata.namespace"`;

function core(
  plural: string,
  kind: string,
  rest: Partial<Pick<Resource, 'namespaced' | 'fields' | 'unknownField' | 'builtIn'>>,
): Resource {
  const defaults = { namespaced: true, fields: [], unknownField: unsupported };
  return { group: '', version: 'v1', plural, kind, ...defaults, ...rest };
}

export const NAMESPACES = core('namespaces', 'Namespace', {
  namespaced: false,
  fields: ['status.phase'],
  builtIn: NAMESPACE,
});
export const NODES = core('nodes', 'Node', { namespaced: false, fields: ['spec.unschedulable'] });
export const PODS = core('pods', 'Pod', {
  fields: ['spec.nodeName', 'spec.serviceAccountName', 'spec.restartPolicy', 'status.phase'],
  builtIn: POD,
});
export const SECRETS = core('secrets', 'Secret', { fields: ['type'], builtIn: SECRET });
export const SERVICE_ACCOUNTS = core('serviceaccounts', 'ServiceAccount', {
  unknownField: unknownToDefault,
  builtIn: SERVICE_ACCOUNT,
});

export const CORE_RESOURCES: readonly Resource[] = [
  NAMESPACES,
  NODES,
  PODS,
  SECRETS,
  SERVICE_ACCOUNTS,
];

/** `v1`, or `group/version` outside the core group. */
export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** A custom resource as the API server keeps it. */
export function customResource(definition: CustomResource): Resource {
  return { ...definition, namespaced: false, fields: [], unknownField: unsupported };
}
