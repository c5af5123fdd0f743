import type { JsonObject } from '../../diagnostics/json.ts';
import { labelErrors, subdomainErrors } from '../../kubelet/qualified-name.ts';
import {
  duplicate,
  type FieldError,
  type FieldPath,
  invalid,
} from '../../platform/custom-resource/field-error.ts';
import type { BuiltInKind } from './built-in-kind.ts';
import { AFFINITY, affinityErrors } from './node-affinity.ts';
import {
  FLAG,
  known,
  LOCAL_REFERENCE,
  list,
  mapOf,
  nameErrorsAt,
  objectAt,
  objectsAt,
  struct,
  TEXT,
} from './schema-parts.ts';

const CONTAINER = struct(
  'v1.Container',
  {
    name: TEXT,
    image: TEXT,
    imagePullPolicy: { type: 'string', enum: ['Always', 'IfNotPresent', 'Never'] },
    command: list(TEXT),
    args: list(TEXT),
    workingDir: TEXT,
    stdin: FLAG,
    stdinOnce: FLAG,
    tty: FLAG,
    terminationMessagePath: TEXT,
    ...known(
      'env',
      'envFrom',
      'lifecycle',
      'livenessProbe',
      'ports',
      'readinessProbe',
      'resizePolicy',
      'resources',
      'restartPolicy',
      'restartPolicyRules',
      'securityContext',
      'startupProbe',
      'terminationMessagePolicy',
      'volumeDevices',
      'volumeMounts',
    ),
  },
  ['name', 'image'],
);

const POD_SPEC = struct(
  'v1.PodSpec',
  {
    containers: list(CONTAINER),
    initContainers: list(CONTAINER),
    restartPolicy: { type: 'string', enum: ['Always', 'OnFailure', 'Never'] },
    serviceAccountName: TEXT,
    serviceAccount: TEXT,
    automountServiceAccountToken: FLAG,
    imagePullSecrets: list(LOCAL_REFERENCE),
    nodeName: TEXT,
    nodeSelector: mapOf(TEXT),
    affinity: AFFINITY,
    hostNetwork: FLAG,
    hostPID: FLAG,
    hostIPC: FLAG,
    hostUsers: FLAG,
    hostname: TEXT,
    hostnameOverride: TEXT,
    subdomain: TEXT,
    schedulerName: TEXT,
    priorityClassName: TEXT,
    runtimeClassName: TEXT,
    enableServiceLinks: FLAG,
    shareProcessNamespace: FLAG,
    setHostnameAsFQDN: FLAG,
    activeDeadlineSeconds: { type: 'integer', goName: 'int64' },
    terminationGracePeriodSeconds: { type: 'integer', goName: 'int64' },
    priority: { type: 'integer', goName: 'int32' },
    ...known(
      'dnsConfig',
      'dnsPolicy',
      'ephemeralContainers',
      'hostAliases',
      'os',
      'overhead',
      'preemptionPolicy',
      'readinessGates',
      'resourceClaims',
      'resources',
      'schedulingGates',
      'securityContext',
      'tolerations',
      'topologySpreadConstraints',
      'volumes',
      'workloadRef',
    ),
  },
  ['containers'],
);

/** Source of the rules: kubernetes, pkg/apis/core/validation, ValidatePodSpec. */
export const POD: BuiltInKind = {
  schema: struct('v1.Pod', { spec: POD_SPEC, ...known('status') }),
  errors: (pod) => {
    const spec = objectAt(pod, 'spec');
    const path = ['spec', 'serviceAccountName'];
    return [
      ...containerErrors(objectsAt(spec, 'containers'), ['spec', 'containers']),
      ...containerErrors(objectsAt(spec, 'initContainers'), ['spec', 'initContainers']),
      ...nameErrorsAt(path, spec['serviceAccountName'], subdomainErrors),
      ...affinityErrors(objectAt(spec, 'affinity'), ['spec', 'affinity']),
    ];
  },
};

function containerErrors(containers: readonly JsonObject[], path: FieldPath): FieldError[] {
  const names = containers.map(({ name }) => name);
  return containers.flatMap(({ name, image }, index) => {
    const at = [...path, index];
    const isRepeated = name !== undefined && names.indexOf(name) < index;
    const isPadded = typeof image === 'string' && image !== image.trim();
    const detail = 'must not have leading or trailing whitespace';
    return [
      ...nameErrorsAt([...at, 'name'], name, labelErrors),
      ...(isRepeated ? [duplicate([...at, 'name'], name)] : []),
      ...(isPadded ? [invalid([...at, 'image'], image, detail)] : []),
    ];
  });
}
