import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  changed,
  expectRefusals,
  KindServer,
  PATHS,
  type Refusal,
  rendered,
} from '../support/kind-server.ts';

let kinds: KindServer;
beforeAll(async () => {
  kinds = await KindServer.start();
});
afterAll(() => kinds[Symbol.asyncDispose]());

test.each(Object.keys(PATHS))('a rendered %s is accepted', async (kind) => {
  expect(await kinds.post(kind, rendered(kind))).toMatchObject({ status: 201, body: { kind } });
});

describe('strict decoding refuses unknown fields', () => {
  const fields = Object.keys(PATHS).map(
    (kind): Refusal => [
      kind,
      '"metadata":{',
      '"spek":{"a":1},"metadata":{',
      `${kind} in version "v1" cannot be handled as a ${kind}: strict decoding error: unknown field "spek"`,
    ],
  );
  expectRefusals(() => kinds, 400, [
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
  expectRefusals(() => kinds, 400, [
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

test('repeated fields are refused, in the order they stand in with the unknown ones', async () => {
  const pod = JSON.stringify(rendered('Pod')).replace(
    '"restartPolicy"',
    '"restartPolicy":"Never","wrong":1,"restartPolicy"',
  );
  const response = await fetch(`${kinds.server.url}${PATHS['Pod']}?fieldValidation=Strict`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${kinds.server.adminToken}`,
      'Content-Type': 'application/json',
    },
    body: pod,
    tls: { ca: kinds.server.certificateAuthority, rejectUnauthorized: true },
  });
  expect(await response.json()).toMatchObject({
    code: 400,
    message:
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: ' +
      'unknown field "spec.wrong", duplicate field "spec.restartPolicy"',
  });
});

test('of YAML, repeated keys are told first, and with their lines', async () => {
  const response = await fetch(`${kinds.server.url}${PATHS['Pod']}?fieldValidation=Strict`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${kinds.server.adminToken}`,
      'Content-Type': 'application/yaml',
    },
    body: 'kind: Pod\napiVersion: v1\nspec: {wrong: 1}\nmetadata: {name: a}\nkind: Pod\n',
    tls: { ca: kinds.server.certificateAuthority, rejectUnauthorized: true },
  });
  expect(await response.json()).toMatchObject({
    code: 400,
    message:
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: yaml: unmarshal errors:\n' +
      '  line 5: key "kind" already set in map, unknown field "spec.wrong"',
  });
});

test('without strictness, unknown fields are dropped', async () => {
  const answer = await kinds.post(
    'Pod',
    changed('Pod', '"restartPolicy"', '"wrong"'),
    'dryRun=All',
  );
  expect(answer).toMatchObject({ status: 201 });
  expect(JSON.stringify(answer.body)).not.toContain('wrong');
});

test('a dry run leaves nothing behind', async () => {
  await kinds.post('Role', rendered('Role'));
  expect(await kinds.call(`${PATHS['Role']}/${rendered('Role').metadata.name}`)).toMatchObject({
    status: 404,
  });
});

test('an object that breaks rules is not replaced', async () => {
  const role = rendered('Role');
  await kinds.post('Role', role, '');
  const body = changed('Role', '"verbs":["get","list"]', '"verbs":[]');
  const put = await kinds.call(`${PATHS['Role']}/${role.metadata.name}`, { method: 'PUT', body });
  expect(put).toMatchObject({ status: 422 });
});
