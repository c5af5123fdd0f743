import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { parseAllDocuments, parseDocument } from 'yaml';
import type { ApiObject } from '../../src/demo/api-object.ts';
import { judgeConfig } from '../../src/kubelet/read-config.ts';
import { requestText, TestNode } from '../support/node.ts';
import { realProgram, run } from '../support/real.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const NGINX = 'docker.io/library/nginx';
const AUDIENCE = 'https://kubernetes.default.svc.cluster.local';

/** The YAML of the README's steps, in order: the kubelet's configuration, the nodes' roles, a namespace's. */
const [CONFIG = '', NODE_ROLES = '', TENANT_ROLES = ''] = [
  ...README.matchAll(/^ *```yaml\n([\s\S]*?)^ *```$/gm),
].map(([, yaml = '']) => yaml.replace(/^ {3}/gm, ''));

function objectsIn(yaml: string): ApiObject[] {
  return parseAllDocuments(yaml).map((document) => document.toJS());
}

describe('the README’s steps to install on a node by hand', () => {
  let node: TestNode;
  beforeAll(async () => {
    node = await TestNode.start({ audiences: [AUDIENCE] });
    node.server.apply(...objectsIn(NODE_ROLES), ...objectsIn(TENANT_ROLES));
  });
  afterAll(() => node[Symbol.asyncDispose]());

  test('give the kubelet a configuration that it takes, for the audience of the roles', () => {
    const verdict = judgeConfig([{ path: 'config.yaml', bytes: Buffer.from(CONFIG) }]);
    expect(verdict).toMatchObject({ ok: true, notes: [] });
    const [provider] = parseDocument(CONFIG).toJS().providers;
    expect(provider.tokenAttributes.serviceAccountTokenAudience).toBe(AUDIENCE);
    expect(objectsIn(NODE_ROLES)[0]).toMatchObject({ rules: [{ resources: [AUDIENCE] }] });
  });

  realProgram('kubectl').test('end with a pull that gets its credential', async () => {
    const [, written = ''] = /`kubectl (create secret .*? --docker-server=)…/.exec(README) ?? [];
    const created = await run(
      [
        ...['kubectl', ...`${written}localhost:5000`.split(' '), '--dry-run=client', '-o', 'json'],
        ...['--docker-username=myuser', '--docker-password=mypassword'],
      ],
      { home: node.root },
    );
    expect(created).toMatchObject({ code: 0 });
    node.server.apply(JSON.parse(created.stdout));
    const token = node.server.issueToken({ namespace: 'team-a', serviceAccount: 'default' });
    const { exitCode, stderr } = await node.run(requestText({ image: NGINX, token }));
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(Object.keys(node.auths(NGINX, 'team-a'))).toEqual(['localhost:5000']);
  });
});
