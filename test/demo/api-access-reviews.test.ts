import { afterAll, beforeAll, expect, test } from 'bun:test';
import { fieldAt } from '../../src/demo/api-object.ts';
import { ApiServer } from '../../src/demo/api-server.ts';
import { apiClient, type Call } from '../support/api-client.ts';

const AUTHORIZATION = '/apis/authorization.k8s.io/v1';
const AUDIENCE = 'https://kubernetes.default.svc';
const LIST = { namespace: 'review', verb: 'list', resource: 'secrets' };

let server: ApiServer;
let call: Call;
let pod: string;

beforeAll(async () => {
  server = await ApiServer.start();
  call = apiClient(server);
  pod = server.issueToken({ namespace: 'review', serviceAccount: 'default' });
  server.permissions.allowPullSecrets('review', 'default');
});
afterAll(() => server.stop());

function post(path: string, spec: object, token?: string) {
  return call(path, { method: 'POST', body: { spec }, ...(token === undefined ? {} : { token }) });
}

async function allowed(path: string, spec: object, token?: string): Promise<unknown> {
  return fieldAt((await post(AUTHORIZATION + path, spec, token)).body, 'status.allowed');
}

test('anybody may ask for himself, and who he is', async () => {
  const ask = (verb: string) =>
    allowed('/selfsubjectaccessreviews', { resourceAttributes: { ...LIST, verb } }, pod);
  expect([await ask('list'), await ask('delete')]).toEqual([true, false]);
  const { body } = await post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, pod);
  expect(body).toMatchObject({
    kind: 'SelfSubjectReview',
    status: {
      userInfo: {
        username: 'system:serviceaccount:review:default',
        groups: expect.arrayContaining(['system:serviceaccounts:review']),
      },
    },
  });
});

test('an administrator and a kubelet may ask for others, others may not', async () => {
  const user = 'system:serviceaccount:review:default';
  const spec = { user, resourceAttributes: LIST };
  const local = '/namespaces/review/localsubjectaccessreviews';
  const kubelet = server.tokens.issueForNode('n1');
  for (const token of [undefined, kubelet]) {
    expect(await allowed('/subjectaccessreviews', spec, token)).toBe(true);
    expect(await allowed(local, spec, token)).toBe(true);
    expect(await allowed(local, { ...spec, user: 'somebody' }, token)).toBe(false);
  }
  for (const path of ['/subjectaccessreviews', local]) {
    expect((await post(AUTHORIZATION + path, spec, pod)).status).toBe(403);
  }
});

test('a group is enough, and a resource may be an audience', async () => {
  const verb = 'request-serviceaccounts-token-audience';
  const resourceAttributes = { verb, group: '', resource: AUDIENCE };
  const spec = { user: 'x', groups: ['system:nodes'], resourceAttributes };
  expect(await allowed('/subjectaccessreviews', spec)).toBe(false);
  server.permissions.allow({
    subject: { group: 'system:nodes' },
    verbs: [verb],
    resources: [AUDIENCE],
  });
  expect(await allowed('/subjectaccessreviews', spec)).toBe(true);
});

test('what asks for nobody, nothing or elsewhere is refused', async () => {
  const path = `${AUTHORIZATION}/subjectaccessreviews`;
  const nobody = await post(path, { resourceAttributes: LIST });
  expect(nobody).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
  expect((await post(path, { user: 'x' })).status).toBe(400);
  const elsewhere = `${AUTHORIZATION}/namespaces/other/localsubjectaccessreviews`;
  expect(await post(elsewhere, { user: 'x', resourceAttributes: LIST })).toMatchObject({
    status: 400,
    body: { message: 'spec.resourceAttributes.namespace must match namespace: other' },
  });
});

test('discovery names them', async () => {
  const { body } = await call(AUTHORIZATION);
  expect(fieldAt(body, 'resources')).toContainEqual({
    name: 'localsubjectaccessreviews',
    singularName: 'localsubjectaccessreview',
    namespaced: true,
    kind: 'LocalSubjectAccessReview',
    verbs: ['create'],
  });
});
