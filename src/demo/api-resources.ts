import type {
  CustomResource,
  StructuralSchema,
} from '../platform/custom-resource/structural-schema.ts';

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
}

const unsupported = (label: string): string => `field label not supported: ${label}`;
const unknownToDefault = (label: string): string =>
  `"${label}" is not a known field selector: only "metadata.name", "metadata.namespace"`;

function core(
  plural: string,
  kind: string,
  rest: Partial<Pick<Resource, 'namespaced' | 'fields' | 'unknownField'>>,
): Resource {
  const defaults = { namespaced: true, fields: [], unknownField: unsupported };
  return { group: '', version: 'v1', plural, kind, ...defaults, ...rest };
}

export const NAMESPACES = core('namespaces', 'Namespace', {
  namespaced: false,
  fields: ['status.phase'],
});
export const NODES = core('nodes', 'Node', { namespaced: false, fields: ['spec.unschedulable'] });
export const PODS = core('pods', 'Pod', {
  fields: ['spec.nodeName', 'spec.serviceAccountName', 'spec.restartPolicy', 'status.phase'],
});
export const SECRETS = core('secrets', 'Secret', { fields: ['type'] });
export const SERVICE_ACCOUNTS = core('serviceaccounts', 'ServiceAccount', {
  unknownField: unknownToDefault,
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
