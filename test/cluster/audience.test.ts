import { afterAll, beforeAll, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { Cluster } from '../support/cluster.ts';
import { auth, requestText, TestNode } from '../support/node.ts';
import { pullkeyAsync } from '../support/pullkey.ts';
import { PASSWORD } from '../support/secrecy.ts';
import { expectRefused, expectSurvived, tryOut } from '../support/trial.ts';

const NGINX = 'docker.io/library/nginx';
const SLOW_CLUSTER_MS = 120_000;

let node: TestNode;
let cluster: Cluster;
beforeAll(async () => {
  node = await TestNode.start({ issuer: 'https://kubernetes.default.svc.cluster.local' });
  node.server.issueToken({ namespace: 'default', serviceAccount: 'default' });
  cluster = Cluster.of(node);
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
}, SLOW_CLUSTER_MS);

async function render(line: string): Promise<string> {
  const args = ['render', ...line.split(' '), '--kubeconfig', cluster.kubeconfig];
  const { exitCode, stdout } = await pullkeyAsync(args);
  expect(exitCode).toBe(0);
  return stdout;
}

const config = () => render('credential-provider-config --match-images docker.io');

function audienceIn(text: string): string {
  return /serviceAccountTokenAudience: (\S+)/.exec(text)?.[1] ?? '';
}

async function lint(text: string): Promise<string> {
  writeFileSync(`${node.root}/config.yaml`, text);
  const args = ['lint', '--kubeconfig', cluster.kubeconfig, `${node.root}/config.yaml`];
  return (await pullkeyAsync(args)).stdout;
}

test(
  'the plugin gets the Secrets with a token of the audience that is rendered, and of no other',
  async () => {
    const namespace = await cluster.createNamespace();
    const auths = { 'localhost:5000': auth('user', PASSWORD) };
    const data = { '.dockerconfigjson': JSON.stringify({ auths }) };
    await cluster.createSecret(namespace, 'pull', 'kubernetes.io/dockerconfigjson', data);
    await cluster.createServiceAccount(namespace, 'app');
    await cluster.allow(namespace, 'app', [{ verbs: ['list'], resources: ['secrets'] }]);
    const pull = async (audience: string) => {
      const token = await cluster.token(namespace, 'app', audience);
      const flags = ['--api-server', cluster.url];
      return tryOut(node, requestText({ image: NGINX, token }), { flags });
    };
    expectRefused(await pull('https://elsewhere.example'), ['with 401']);
    expectSurvived(await pull(audienceIn(await config())));
    expect(node.auths(NGINX, namespace)).toEqual(auths);
  },
  SLOW_CLUSTER_MS,
);

test('nodes are allowed that very audience', async () => {
  const rules = `resources:\n      - ${audienceIn(await config())}\n`;
  expect(await render('rbac --nodes')).toContain(rules);
});

test('lint finds nothing in it, and the right one for another', async () => {
  const text = await config();
  expect(await lint(text)).toBe('');
  const other = text.replace(audienceIn(text), 'https://elsewhere.example');
  const told = await lint(other);
  expect(told).toContain('serviceAccountTokenAudience is https://elsewhere.example, which');
  expect(told).toContain(`write ${audienceIn(text)}`);
});
