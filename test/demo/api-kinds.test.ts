import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ApiObject } from '../../src/demo/api-object.ts';
import { customResource } from '../../src/demo/api-resources.ts';
import { ApiServer } from '../../src/demo/api-server.ts';
import { FEATURE_GATE, MACHINE_CONFIG } from '../../src/demo/kinds/openshift-kinds.ts';
import { type Answer, apiClient, type Call } from '../support/api-client.ts';
import { renderedObjects } from '../support/rendered-objects.ts';

let server: ApiServer;
let call: Call;

beforeAll(async () => {
  server = await ApiServer.start({ resources: [FEATURE_GATE, MACHINE_CONFIG].map(customResource) });
  server.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } });
  call = apiClient(server);
});
afterAll(() => server.stop());

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const PATHS: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  ServiceAccount: '/api/v1/namespaces/team-a/serviceaccounts',
  Secret: '/api/v1/namespaces/team-a/secrets',
  Pod: '/api/v1/namespaces/team-a/pods',
  Role: `${RBAC}/namespaces/team-a/roles`,
  RoleBinding: `${RBAC}/namespaces/team-a/rolebindings`,
  ClusterRole: `${RBAC}/clusterroles`,
  ClusterRoleBinding: `${RBAC}/clusterrolebindings`,
  FeatureGate: '/apis/config.openshift.io/v1/featuregates',
  MachineConfig: '/apis/machineconfiguration.openshift.io/v1/machineconfigs',
};

/** What is rendered, by kind; the namespace has a name of its own, since the other is there already. */
const RENDERED = new Map(
  [
    'manifests --namespace team-b',
    'pull-secret --namespace team-a --registry a.io --username u',
    'test-pod --namespace team-a --node n1',
    'rbac --namespace team-a --service-account app --nodes --audience https://x',
    'feature-gate',
    'machine-config --pool worker --platform none --match-images docker.io',
  ]
    .flatMap((line) => renderedObjects(line))
    .map((object) => [object.kind, object] as const),
);
const ACCOUNT = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'app' } };
RENDERED.set('ServiceAccount', ACCOUNT);

function rendered(kind: string): ApiObject {
  const object = RENDERED.get(kind);
  if (object === undefined) throw new Error(`no ${kind} is rendered`);
  return object;
}

function post(kind: string, body: unknown, query = 'dryRun=All&fieldValidation=Strict') {
  return call(`${PATHS[kind]}?${query}`, { method: 'POST', body });
}

/** An object's text with a piece of it replaced, which must be there. */
function changed(kind: string, piece: string, by: string): unknown {
  const text = JSON.stringify(rendered(kind));
  expect(text).toContain(piece);
  return JSON.parse(text.replace(piece, by));
}

test.each(Object.keys(PATHS))('a rendered %s is accepted', async (kind) => {
  expect(await post(kind, rendered(kind))).toMatchObject({ status: 201, body: { kind } });
});

type Refusal = readonly [kind: string, piece: string, by: string, message: string];

function expectRefusals(status: number, refusals: readonly Refusal[]): void {
  test.each(refusals)('of a %s, %p as %p', async (kind, piece, by, message) => {
    const answer: Answer = await post(kind, changed(kind, piece, by));
    expect(answer).toMatchObject({ status, body: { message: expect.stringContaining(message) } });
  });
}

describe('strict decoding refuses unknown fields', () => {
  const fields = Object.keys(PATHS).map(
    (kind): Refusal => [
      kind,
      '"metadata":{',
      '"spek":{"a":1},"metadata":{',
      `${kind} in version "v1" cannot be handled as a ${kind}: strict decoding error: unknown field "spek"`,
    ],
  );
  expectRefusals(400, [
    ...fields,
    ['Pod', '"restartPolicy"', '"restartpolicy"', 'unknown field "spec.restartpolicy"'],
    ['Pod', '"image"', '"img":1,"image"', 'unknown field "spec.containers[0].img"'],
    ['Pod', '"matchFields"', '"fields"', 'nodeSelectorTerms[0].fields"'],
    ['Role', '"verbs"', '"verb":1,"verbs"', 'unknown field "rules[0].verb"'],
    ['RoleBinding', '"subjects":[{', '"subjects":[{"x":1,', 'unknown field "subjects[0].x"'],
    ['Secret', '"labels"', '"label"', 'unknown field "metadata.label"'],
    ['FeatureGate', '"enabled"', '"on"', 'unknown field "spec.customNoUpgrade.on"'],
    ['MachineConfig', '"config"', '"ignition"', 'unknown field "spec.ignition"'],
  ]);
});

describe('decoding refuses values of a wrong type', () => {
  expectRefusals(400, [
    [
      'Pod',
      '"image":"docker.io/library/nginx"',
      '"image":1',
      'json: cannot unmarshal number into Go struct field Container.spec.containers.image of type string',
    ],
    [
      'Role',
      '"verbs":["get","list"]',
      '"verbs":"get"',
      'json: cannot unmarshal string into Go struct field PolicyRule.rules.verbs of type []string',
    ],
    [
      'Namespace',
      '"app.kubernetes.io/part-of":"pullkey"',
      '"a":true',
      'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      'ServiceAccount',
      '"metadata"',
      '"secrets":{},"metadata"',
      'into Go struct field ServiceAccount.secrets',
    ],
    [
      'Secret',
      '"data":{".dockerconfigjson":"',
      '"data":{".dockerconfigjson":"!',
      'illegal base64 data at input byte 0',
    ],
    [
      'MachineConfig',
      '"labels":{',
      '"labels":{"a":1,',
      'cannot unmarshal number into Go struct field',
    ],
  ]);
});

describe('validation refuses', () => {
  expectRefusals(422, [
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

test('repeated fields are refused, in the order they stand in with the unknown ones', async () => {
  const pod = JSON.stringify(rendered('Pod')).replace(
    '"restartPolicy"',
    '"restartPolicy":"Never","wrong":1,"restartPolicy"',
  );
  const response = await fetch(`${server.url}${PATHS['Pod']}?fieldValidation=Strict`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${server.adminToken}`, 'Content-Type': 'application/json' },
    body: pod,
    tls: { ca: server.certificateAuthority, rejectUnauthorized: true },
  });
  expect(await response.json()).toMatchObject({
    code: 400,
    message:
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: ' +
      'unknown field "spec.wrong", duplicate field "spec.restartPolicy"',
  });
});

test('without strictness, unknown fields are dropped', async () => {
  const answer = await post('Pod', changed('Pod', '"restartPolicy"', '"wrong"'), 'dryRun=All');
  expect(answer).toMatchObject({ status: 201 });
  expect(JSON.stringify(answer.body)).not.toContain('wrong');
});

test('a dry run leaves nothing behind', async () => {
  await post('Role', rendered('Role'));
  expect(await call(`${PATHS['Role']}/${rendered('Role').metadata.name}`)).toMatchObject({
    status: 404,
  });
});

test('an object that breaks rules is not replaced', async () => {
  const role = rendered('Role');
  await post('Role', role, '');
  const body = changed('Role', '"verbs":["get","list"]', '"verbs":[]');
  const put = await call(`${PATHS['Role']}/${role.metadata.name}`, { method: 'PUT', body });
  expect(put).toMatchObject({ status: 422 });
});
