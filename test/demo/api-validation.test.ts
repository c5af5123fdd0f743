import { afterAll, beforeAll, describe } from 'bun:test';
import { expectRefusals, KindServer } from '../support/kind-server.ts';

let kinds: KindServer;
beforeAll(async () => {
  kinds = await KindServer.start();
});
afterAll(() => kinds[Symbol.asyncDispose]());

describe('validation refuses', () => {
  expectRefusals(() => kinds, 422, [
    [
      'Namespace',
      '"team-b"',
      '"Team_B"',
      'metadata.name: Invalid value: "Team_B": a lowercase RFC 1123 label',
    ],
    [
      'ServiceAccount',
      '"app"',
      '"-"',
      'metadata.name: Invalid value: "-": a lowercase RFC 1123 subdomain',
    ],
    [
      'Secret',
      '".dockerconfigjson"',
      '"a b"',
      'data[a b]: Invalid value: "a b": a valid config key must consist of',
    ],
    [
      'Secret',
      '".dockerconfigjson"',
      '"x"',
      'Secret "mirror-pull" is invalid: data[.dockerconfigjson]: Required value',
    ],
    [
      'Secret',
      '":"eyJ',
      '":"AyJ',
      'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": ',
    ],
    [
      'Pod',
      '"name":"test",',
      '',
      'Pod "pullkey-test" is invalid: spec.containers[0].name: Required value',
    ],
    [
      'Pod',
      '"name":"test",',
      '"name":"T",',
      'spec.containers[0].name: Invalid value: "T": a lowercase RFC 1123 label',
    ],
    ['Pod', '"docker.io/library/nginx"', '""', 'spec.containers[0].image: Required value'],
    [
      'Pod',
      '"docker.io/library/nginx"',
      '" a"',
      'image: Invalid value: " a": must not have leading',
    ],
    [
      'Pod',
      '"imagePullPolicy":"Always"',
      '"imagePullPolicy":"Once"',
      'spec.containers[0].imagePullPolicy: Unsupported value: "Once": supported values: "Always", "IfNotPresent", "Never"',
    ],
    [
      'Pod',
      '"restartPolicy":"Never"',
      '"restartPolicy":"never"',
      'spec.restartPolicy: Unsupported value: "never": supported values: "Always", "OnFailure", "Never"',
    ],
    [
      'Pod',
      '"serviceAccountName":"default"',
      '"serviceAccountName":"A"',
      'spec.serviceAccountName: Invalid value: "A": a lowercase RFC 1123 subdomain',
    ],
    [
      'Pod',
      '"containers":[',
      '"containers":[],"initContainers":[',
      'spec.containers: Required value',
    ],
    [
      'Pod',
      '"containers":[{',
      '"containers":[{"name":"test","image":"a"},{',
      'spec.containers[1].name: Duplicate value: "test"',
    ],
    [
      'Pod',
      '"operator":"In"',
      '"operator":"in"',
      'matchFields[0].operator: Invalid value: "in": not a valid selector operator',
    ],
    [
      'Pod',
      '"metadata.name"',
      '"name"',
      'matchFields[0].key: Invalid value: "name": not a valid field selector key',
    ],
    [
      'Pod',
      '[{"matchFields":[{"key":"metadata.name","operator":"In","values":["n1"]}]}]',
      '[]',
      'nodeSelectorTerms: Required value: must have at least one node selector term',
    ],
    [
      'Pod',
      '"values":["n1"]',
      '"values":["n1","n2"]',
      "matchFields[0].values: Required value: must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
    ],
    [
      'Role',
      '"verbs":["get","list"]',
      '"verbs":[]',
      'rules[0].verbs: Required value: verbs must contain at least one value',
    ],
    [
      'Role',
      '"apiGroups":[""]',
      '"apiGroups":[]',
      'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
    ],
    [
      'Role',
      '"resources":["secrets"]',
      '"nonResourceURLs":["/x"]',
      'rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs',
    ],
    [
      'ClusterRole',
      '"resources":["https://x"]',
      '"resources":[]',
      'rules[0].resources: Required value: resource rules must supply at least one resource',
    ],
    [
      'ClusterRole',
      '"pullkey-nodes"',
      '"a/b"',
      'metadata.name: Invalid value: "a/b": may not contain \'/\'',
    ],
    [
      'RoleBinding',
      '"kind":"Role"',
      '"kind":"role"',
      'roleRef.kind: Unsupported value: "role": supported values: "Role", "ClusterRole"',
    ],
    [
      'RoleBinding',
      '"kind":"ServiceAccount"',
      '"kind":"Account"',
      'subjects[0].kind: Unsupported value: "Account": supported values: "ServiceAccount", "User", "Group"',
    ],
    [
      'RoleBinding',
      '"roleRef":{"apiGroup":"rbac.authorization.k8s.io"',
      '"roleRef":{"apiGroup":"rbac"',
      'roleRef.apiGroup: Unsupported value: "rbac": supported values: "rbac.authorization.k8s.io"',
    ],
    [
      'ClusterRoleBinding',
      '"kind":"Group"',
      '"kind":"ServiceAccount"',
      'subjects[0].apiGroup: Unsupported value: "rbac.authorization.k8s.io": supported values: ""',
    ],
    [
      'ClusterRoleBinding',
      '"name":"system:nodes"',
      '"name":""',
      'subjects[0].name: Required value',
    ],
    ['ClusterRoleBinding', '"name":"pullkey-nodes"}', '"name":""}', 'roleRef.name: Required value'],
    [
      'FeatureGate',
      '"featureSet":"CustomNoUpgrade"',
      '"featureSet":1',
      'spec.featureSet: Invalid value: "integer": spec.featureSet in body must be of type string: "integer"',
    ],
    [
      'FeatureGate',
      '"KubeletServiceAccountTokenForCredentialProviders"',
      '"a b"',
      "spec.customNoUpgrade.enabled[0] in body should match '^([A-Za-z0-9-]+\\.)*[A-Za-z0-9-]+\\.?$'",
    ],
    [
      'MachineConfig',
      '"spec":{"config"',
      '"spec":{"fips":"no","config"',
      'spec.fips in body must be of type boolean: "string"',
    ],
  ]);
});
