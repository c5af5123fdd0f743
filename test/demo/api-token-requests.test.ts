import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { fieldAt } from '../../src/demo/api-object.ts';
import { ApiServer } from '../../src/demo/api-server.ts';
import { type Answer, apiClient, type Call } from '../support/api-client.ts';

let server: ApiServer;
let call: Call;

beforeAll(async () => {
  server = await ApiServer.start();
  call = apiClient(server);
});
afterAll(() => server.stop());

describe('token requests', () => {
  const path = '/api/v1/namespaces/requests/serviceaccounts/builder/token';
  const audience = 'https://kubernetes.default.svc';

  beforeAll(() => {
    server.issueToken({ namespace: 'requests', serviceAccount: 'builder', pod: 'b1', node: 'n1' });
    server.issueToken({ namespace: 'requests', serviceAccount: 'other', pod: 'o1', node: 'n1' });
  });

  const ask = (spec: object, token = server.adminToken): Promise<Answer> =>
    call(path, { method: 'POST', token, body: { spec } });
  const boundTo = (name: string): object => ({
    boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name },
  });

  test('give a token that works', async () => {
    const { status, body } = await ask({ audiences: [audience], ...boundTo('b1') });
    expect(status).toBe(201);
    const token = String(fieldAt(body, 'status.token'));
    expect((await call('/api', { token })).status).toBe(200);
    expect(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).toContain('"n1"');
  });

  const refused: [string, object, number, string][] = [
    ['for a missing pod', boundTo('nope'), 404, 'pods "nope" not found'],
    [
      'for a pod of another service account',
      boundTo('o1'),
      400,
      'cannot bind token for serviceaccount "builder" to pod running with different serviceaccount name.',
    ],
    [
      'for less than ten minutes',
      { expirationSeconds: 599 },
      400,
      'spec.expirationSeconds: may not specify a duration less than 10 minutes',
    ],
  ];
  test.each(refused)('%s are refused', async (_, spec, status, message) => {
    expect(await ask(spec)).toMatchObject({ status, body: { message } });
  });

  const byNode: [string, string, object, string][] = [
    ['without a pod', 'n1', {}, 'node requested token not bound to a pod'],
    [
      'for another node’s pod',
      'n2',
      boundTo('b1'),
      'node requested token bound to a pod scheduled on a different node',
    ],
    [
      'for an audience nobody granted',
      'n1',
      { ...boundTo('b1'), audiences: ['https://vault.example'] },
      'audience "https://vault.example" not found in pod spec volume, system:node:n1 is not authorized to request tokens for this audience',
    ],
  ];
  test.each(byNode)('of a kubelet %s are forbidden', async (_, node, spec, why) => {
    expect(await ask(spec, server.tokens.issueForNode(node))).toMatchObject({
      status: 403,
      body: { message: `serviceaccounts "builder" is forbidden: ${why}` },
    });
  });

  test('of a kubelet for a granted audience succeed', async () => {
    server.permissions.allow({
      subject: { group: 'system:nodes' },
      verbs: ['request-serviceaccounts-token-audience'],
      resources: ['https://granted.example'],
    });
    const spec = { ...boundTo('b1'), audiences: ['https://granted.example'] };
    expect((await ask(spec, server.tokens.issueForNode('n1'))).status).toBe(201);
  });

  test('of a kubelet for an audience that the pod mounts itself succeed', async () => {
    const sources = [{ serviceAccountToken: { audience: 'mounted', path: 'token' } }];
    server.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'b2', namespace: 'requests' },
      spec: {
        nodeName: 'n1',
        serviceAccountName: 'builder',
        volumes: [{ name: 'tokens', projected: { sources } }],
      },
    });
    const spec = { ...boundTo('b2'), audiences: ['mounted'] };
    expect((await ask(spec, server.tokens.issueForNode('n1'))).status).toBe(201);
  });
});
