import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Finding } from '../../src/cli/doctor/check.ts';
import { Cluster } from '../support/cluster.ts';
import { TestNode } from '../support/node.ts';
import { pullkeyAsync } from '../support/pullkey.ts';

const SLOW_CLUSTER_MS = 120_000;
const RIGHTS = 'pull-secret-rights';

let node: TestNode;
let cluster: Cluster;
beforeAll(async () => {
  node = await TestNode.start();
  node.server.issueToken({ namespace: 'default', serviceAccount: 'default' });
  cluster = Cluster.of(node);
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
}, SLOW_CLUSTER_MS);

async function doctor(namespace: string): Promise<readonly Finding[]> {
  const args = ['doctor', '-o', 'json', '-n', namespace, '--kubeconfig', cluster.kubeconfig];
  const { stdout } = await pullkeyAsync(args);
  return JSON.parse(stdout).checks;
}

test(
  'an administrator sees the whole cluster half',
  async () => {
    const namespace = await cluster.createNamespace();
    await cluster.createServiceAccount(namespace, 'app');
    const findings = await doctor(namespace);
    const verdicts = new Map(findings.map(({ check, verdict }) => [check, verdict]));
    expect(verdicts.get('api-server')).toBe('ok');
    expect(verdicts.get('identity')).toBe('ok');
    for (const check of ['clock', 'api-server-version', 'node-tokens', RIGHTS]) {
      expect([check, verdicts.get(check)]).toEqual([check, expect.stringMatching(/^(?!unknown)/)]);
    }
    const audience = findings.find(({ check }) => check === 'token-audience');
    expect(audience?.text).toContain('; the API server accepts http');
  },
  SLOW_CLUSTER_MS,
);

test(
  'rights that are given are seen',
  async () => {
    const namespace = await cluster.createNamespace();
    await cluster.createServiceAccount(namespace, 'app');
    const ofApp = async () =>
      (await doctor(namespace))
        .filter(({ check, text }) => check === RIGHTS && text.includes(' app '))
        .map(({ verdict }) => verdict);
    expect(await ofApp()).toEqual(['warning']);
    await cluster.allow(namespace, 'app', [{ verbs: ['list'], resources: ['secrets'] }]);
    expect(await ofApp()).toEqual(['ok']);
  },
  SLOW_CLUSTER_MS,
);
