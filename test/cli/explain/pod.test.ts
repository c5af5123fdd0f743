import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { explain, GOOD_PLUGIN } from '../../support/explain.ts';
import { auth, mirrorConf, TestNode } from '../../support/node.ts';

const AUDIENCE = GOOD_PLUGIN.tokenAttributes.serviceAccountTokenAudience;

let node: TestNode;
let kubelet: string;

beforeAll(async () => {
  node = await TestNode.start();
  writeFileSync(node.registriesConf, mirrorConf('docker.io', 'mirror.test'));
  node.addNamespace('team-a', { 'mirror.test': auth('me', 'secret') });
  node.server.issueToken({ namespace: 'team-a', serviceAccount: 'default', node: 'n1' });
  kubelet = node.server.tokens.issueForNode('n1');
  // What kubeadm and our own role grant nodes.
  const subject = { group: 'system:nodes' };
  node.server.permissions.allow(
    { subject, verbs: ['get'], resources: ['pods', 'serviceaccounts', 'secrets'] },
    { subject, verbs: ['request-serviceaccounts-token-audience'], resources: [AUDIENCE] },
  );
});
afterAll(() => node[Symbol.asyncDispose]());

/** Makes a pod of the namespace `team-a` on the node `n1`. */
function pod(name: string, spec: object = {}, rest: object = {}, annotations: object = {}): string {
  node.server.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'team-a', annotations },
    spec: { nodeName: 'n1', containers: [{ name: 'main', image: 'nginx:1.27' }], ...spec },
    ...rest,
  });
  return `team-a/${name}`;
}

const TWO = {
  containers: [
    { name: 'main', image: 'nginx:1.27' },
    { name: 'side', image: 'quay.io/side' },
    { name: 'again', image: 'nginx:1.27' },
  ],
};

describe('a pod is explained', () => {
  test('with the kubelet’s own rights: image, service account, node, bound token', async () => {
    const { code, sentences } = await explain(node, ['pod', pod('good')], { token: kubelet });
    expect(sentences[0]).toBe(
      'docker.io/library/nginx:1.27 for pod good, container main, service account default, namespace team-a, node n1',
    );
    expect(sentences).toContain(
      '✓ token for the audience https://kubernetes.default.svc, bound to the pod',
    );
    expect(sentences).toContain('✓ credential: Secret pull, key mirror.test, user me');
    expect(code).toBe(0);
  });

  test('image by image', async () => {
    const { sentences } = await explain(node, ['pod', pod('two', TWO)]);
    expect(sentences.filter((one) => one.includes(' for pod two'))).toEqual([
      'docker.io/library/nginx:1.27 for pod two, container main, service account default, namespace team-a, node n1',
      'quay.io/side:latest for pod two, container side, service account default, namespace team-a, node n1',
    ]);
  });

  test('for one container', async () => {
    const { sentences } = await explain(node, ['pod', pod('two', TWO), '-c', 'side']);
    expect(sentences[0]).toStartWith('quay.io/side:latest for pod two, container side,');
  });

  test('with what it waits for', async () => {
    const waiting = { reason: 'ErrImagePull', message: 'unauthorized: authentication required' };
    const status = { containerStatuses: [{ name: 'main', state: { waiting } }] };
    const { sentences } = await explain(node, ['pod', pod('waiting', {}, { status })]);
    expect(sentences).toContain(
      '! the pod waits: ErrImagePull: unauthorized: authentication required',
    );
  });
});

describe('what is unusual of a pod is told:', () => {
  test('it is not scheduled', async () => {
    const { sentences } = await explain(node, ['pod', pod('new', { nodeName: undefined })]);
    expect(sentences).toContain('! the pod is not scheduled to a node yet');
  });

  test('it is static, and so gets no token', async () => {
    const target = pod('static', {}, {}, { 'kubernetes.io/config.mirror': 'x' });
    const { code, sentences } = await explain(node, ['pod', target]);
    expect(sentences.at(-1)).toBe(
      '✗ a static pod has no service account: the plugin gets no token and does nothing',
    );
    expect(code).toBe(1);
  });

  test('nodes may not ask for the audience', async () => {
    const tokenAttributes = { ...GOOD_PLUGIN.tokenAttributes, serviceAccountTokenAudience: 'x' };
    const options = { token: kubelet, plugin: { tokenAttributes } };
    const { code, sentences } = await explain(node, ['pod', pod('audience')], options);
    const problem = sentences.find((one) => one.startsWith('✗ the kubelet gets no token'));
    expect(problem).toContain('is not authorized to request tokens for this audience');
    expect(problem).toEndWith(
      'allow nodes to ask for it: pullkey render rbac --nodes --audience x',
    );
    expect(code).toBe(1);
  });
});

describe('a pod that cannot be explained is a failure:', () => {
  test('it has no such container', async () => {
    expect(await explain(node, ['pod', pod('two', TWO), '-c', 'x'])).toMatchObject({
      code: 2,
      error: 'the pod "team-a/two" has no container "x"; it has main, side, again',
    });
  });

  test('there is none', async () => {
    const { code, error } = await explain(node, ['pod', 'team-a/none']);
    expect(error).toContain('pods \\"none\\" not found');
    expect(code).toBe(1);
  });

  test('it may not be read', async () => {
    const token = node.server.tokens.issueForUser({ name: 'guest', groups: [] });
    const { code, error } = await explain(node, ['pod', pod('good')], { token });
    expect(error).toContain('with 403');
    expect(code).toBe(1);
  });
});
