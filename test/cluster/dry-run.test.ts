import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import type { ApiObject } from '../../src/demo/api-object.ts';
import { customResource } from '../../src/demo/api-resources.ts';
import { ApiServer } from '../../src/demo/api-server.ts';
import { FEATURE_GATE, MACHINE_CONFIG } from '../../src/demo/kinds/openshift-kinds.ts';
import { Cluster, type DryRun } from '../support/cluster.ts';
import { renderedObjects, renderLines } from '../support/rendered-objects.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

// Run by `make test-cluster` against a real cluster, otherwise against the stand-in.
const KUBECONFIG = process.env['PULLKEY_TEST_KUBECONFIG'] ?? '';
const SLOW_CLUSTER_MS = 120_000;
const OPENSHIFT = [MACHINE_CONFIG, FEATURE_GATE];
const CREATED = 201;
/** There already, and valid, for that is looked at before. */
const CONFLICT = 409;

const NAMESPACE_HERE = 'NAMESPACE';

let server: ApiServer;
let cluster: Cluster;
let namespace: string;

beforeAll(async () => {
  using directory = temporaryDirectory();
  server = await ApiServer.start({ resources: OPENSHIFT.map(customResource) });
  const standIn = `${directory.path}/kubeconfig`;
  writeFileSync(standIn, server.kubeconfig());
  cluster = Cluster.at(KUBECONFIG === '' ? standIn : KUBECONFIG);
  namespace = await cluster.createNamespace();
  await cluster.createServiceAccount(namespace, 'app');
}, SLOW_CLUSTER_MS);
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await server.stop();
}, SLOW_CLUSTER_MS);

const check = (title: string, run: () => Promise<void>) => test(title, run, SLOW_CLUSTER_MS);

async function expectAccepted(object: ApiObject): Promise<void> {
  const answer = await cluster.dryRun(JSON.stringify(object));
  const { apiVersion, kind } = object;
  if (answer !== undefined) {
    const isAccepted =
      answer.status === CREATED ||
      (answer.status === CONFLICT && answer.message.endsWith('already exists'));
    expect({ kind, ...answer, isAccepted }).toEqual({ kind, ...answer, isAccepted: true });
    return;
  }
  // Only a cluster that is not OpenShift may leave its kinds out.
  expect(OPENSHIFT.map((one) => one.kind)).toContain(kind);
  console.warn(`left out: ${cluster.url} does not serve ${apiVersion} ${kind}`);
}

describe('a cluster accepts, with --dry-run=server, what is rendered by', () => {
  for (const line of renderLines(NAMESPACE_HERE)) {
    check(line, async () => {
      const objects = renderedObjects(line.replaceAll(NAMESPACE_HERE, namespace));
      expect(objects).not.toHaveLength(0);
      for (const object of objects) await expectAccepted(object);
    });
  }
});

describe('and it would refuse', () => {
  const role = (): ApiObject => {
    const [first] = renderedObjects(`rbac --namespace ${namespace} --service-account app`);
    if (first === undefined) throw new Error('no role is rendered');
    return first;
  };
  const expectRefused = async (text: string, status: number, message: string): Promise<void> => {
    const expected: DryRun = { status, message: expect.stringContaining(message) };
    expect(await cluster.dryRun(text)).toEqual(expected);
  };

  check('an unknown field', () =>
    expectRefused(
      JSON.stringify({ ...role(), rule: [] }),
      400,
      'strict decoding error: unknown field "rule"',
    ),
  );
  check('a repeated field', () =>
    expectRefused(
      JSON.stringify(role()).replace('"rules":', '"rules":[],"rules":'),
      400,
      'strict decoding error: duplicate field "rules"',
    ),
  );
  check('a value of a wrong type', () =>
    expectRefused(JSON.stringify({ ...role(), rules: 'all' }), 400, 'cannot unmarshal string'),
  );
  check('a missing value', () =>
    expectRefused(
      JSON.stringify({ ...role(), rules: [{ apiGroups: [''], resources: ['secrets'] }] }),
      422,
      'rules[0].verbs: Required value',
    ),
  );
});

test('a kind that a cluster does not serve is told, not refused', async () => {
  using directory = temporaryDirectory();
  await using plain = await ApiServer.start();
  writeFileSync(`${directory.path}/kubeconfig`, plain.kubeconfig());
  const other = Cluster.at(`${directory.path}/kubeconfig`);
  const [gate] = renderedObjects('feature-gate');
  const [role] = renderedObjects('rbac --namespace default');
  expect(await other.dryRun(JSON.stringify(gate))).toBeUndefined();
  expect(await other.dryRun(JSON.stringify(role))).toMatchObject({ status: 201 });
});
