import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { Cluster } from '../support/cluster.ts';
import { auth, requestText, TestNode } from '../support/node.ts';
import { renderedObjects } from '../support/rendered-objects.ts';
import { expectSurvived, tryOut } from '../support/trial.ts';

// Run by `make test-cluster` against a real cluster, otherwise against the stand-in.
const KUBECONFIG = process.env['PULLKEY_TEST_KUBECONFIG'] ?? '';
const SLOW_CLUSTER_MS = 120_000;
const NGINX = 'docker.io/library/nginx';
const LIST = [{ verbs: ['list'], resources: ['secrets'] }];
const GET = [{ verbs: ['get'], resources: ['secrets'], resourceNames: ['mirror-pull'] }];

let node: TestNode;
let cluster: Cluster;
beforeAll(async () => {
  node = await TestNode.start();
  const standIn = `${node.root}/admin.kubeconfig`;
  writeFileSync(standIn, node.server.kubeconfig());
  cluster = Cluster.at(KUBECONFIG === '' ? standIn : KUBECONFIG);
  writeFileSync(node.certificateAuthority, cluster.certificateAuthority);
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
}, SLOW_CLUSTER_MS);
beforeEach(() => rmSync(node.authDir, { recursive: true, force: true }));

/** Makes what the lines render, in a namespace of its own, for the service account `app`. */
async function tenantOf(...lines: readonly string[]): Promise<string> {
  const namespace = await cluster.createNamespace();
  for (const line of lines) {
    const objects = renderedObjects(`${line} --namespace ${namespace}`);
    for (const object of objects) await cluster.create(object);
  }
  return namespace;
}

/** The credentials that a pull of one of its pods gets. */
async function pull(namespace: string, annotations?: object): Promise<unknown> {
  const token = await cluster.token(namespace, 'app');
  const request = requestText({ image: NGINX, token, annotations });
  expectSurvived(await tryOut(node, request, { flags: ['--api-server', cluster.url] }));
  return node.auths(NGINX, namespace);
}

const check = (title: string, run: () => Promise<void>) => test(title, run, SLOW_CLUSTER_MS);
const REGISTRY = '--registry localhost:5000 --username myuser';
const CREDENTIALS = { 'localhost:5000': auth('myuser', 'mypassword') };

check(
  'one stream of manifests is all that a pull needs, whether annotations are passed or not',
  async () => {
    const namespace = await tenantOf(`manifests --service-account app ${REGISTRY}`);
    await cluster.untilAllowed(namespace, 'app', GET);
    const annotations = { 'pullkey.dev/pull-secrets': 'mirror-pull' };
    expect(await pull(namespace, annotations)).toEqual(CREDENTIALS);
    rmSync(node.authDir, { recursive: true });
    expect(await pull(namespace)).toEqual(CREDENTIALS);
  },
);

check('so are manifests without a Secret, and one that is made by itself', async () => {
  const namespace = await tenantOf('manifests --service-account app', `pull-secret ${REGISTRY}`);
  await cluster.untilAllowed(namespace, 'app', LIST);
  expect(await pull(namespace)).toEqual(CREDENTIALS);
});
