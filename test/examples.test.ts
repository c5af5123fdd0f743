import { describe, expect, test } from 'bun:test';
import { Glob } from 'bun';
import { renderExample, renderedExamples } from '../scripts/rendered-examples.ts';
import { customResource } from '../src/demo/api-resources.ts';
import { ApiServer } from '../src/demo/api-server.ts';
import { FEATURE_GATE, MACHINE_CONFIG } from '../src/demo/kinds/openshift-kinds.ts';
import { judgeConfig } from '../src/kubelet/read-config.ts';
import { CRIO_CREDENTIAL_PROVIDER_CONFIG } from '../src/platform/custom-resource/crio-credential-provider-config.ts';
import { apiClient } from './support/api-client.ts';
import { Cluster } from './support/cluster.ts';
import { objectsIn } from './support/rendered-objects.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const ROOT = new URL('../', import.meta.url).pathname;
const EXAMPLES = renderedExamples();

describe('what is checked in is what the commands print', () => {
  test.each(EXAMPLES.map((example) => [example.path, example] as const))(
    '%s',
    async (path, example) => {
      expect(await Bun.file(ROOT + path).text()).toBe(renderExample(example));
    },
  );

  test('every file stands in a table, or is one of the inputs', () => {
    const found = [...new Glob('{deploy,examples}/**/*').scanSync(ROOT)].sort();
    const inputs = ['existing-providers.yaml', 'mirror-sets.yaml', 'registries.conf'];
    const known = [
      ...EXAMPLES.map(({ path }) => path),
      ...inputs.map((name) => `examples/${name}`),
      'deploy/README.md',
      'examples/README.md',
    ];
    expect(found).toEqual(known.sort());
  });
});

test('an API server takes every object that is checked in', async () => {
  const resources = [FEATURE_GATE, MACHINE_CONFIG].map(customResource);
  await using server = await ApiServer.start({ resources });
  server.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } });
  using directory = temporaryDirectory();
  await Bun.write(`${directory.path}/kubeconfig`, server.kubeconfig());
  const cluster = Cluster.at(`${directory.path}/kubeconfig`);
  const taken: string[] = [];
  for (const path of new Glob('{deploy,examples}/**/*.yaml').scanSync(ROOT)) {
    const text = await Bun.file(ROOT + path).text();
    if (!/^metadata:$/m.test(text) || path.endsWith('mirror-sets.yaml')) continue;
    for (const object of objectsIn(text)) {
      const answer = await cluster.dryRun(JSON.stringify(object));
      const isThere = object.kind === 'Namespace' || object.metadata.name === 'default';
      expect({ path, ...answer }).toMatchObject({ path, status: isThere ? 409 : 201 });
      taken.push(object.kind);
    }
  }
  expect([...new Set(taken)].sort()).toEqual([
    'ClusterRole',
    'ClusterRoleBinding',
    'FeatureGate',
    'MachineConfig',
    'Namespace',
    'Pod',
    'Role',
    'RoleBinding',
    'ServiceAccount',
  ]);
});

test('an API server takes the CRIOCredentialProviderConfig of docs/openshift.md', async () => {
  const page = await Bun.file(`${ROOT}docs/openshift.md`).text();
  const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
  const yaml =
    blocks.find((text) => text.includes(`kind: ${CRIO_CREDENTIAL_PROVIDER_CONFIG.kind}\n`)) ?? '';
  const resource = customResource({ ...CRIO_CREDENTIAL_PROVIDER_CONFIG, version: 'v1alpha1' });
  await using server = await ApiServer.start({ resources: [resource] });
  const path =
    '/apis/config.openshift.io/v1alpha1/criocredentialproviderconfigs?fieldValidation=Strict';
  const [body] = objectsIn(yaml);
  expect(await apiClient(server)(path, { method: 'POST', body })).toMatchObject({ status: 201 });
});

test.each(['credential-provider-config.yaml', 'merged-providers.yaml', 'existing-providers.yaml'])(
  'a kubelet accepts examples/%s',
  async (name) => {
    const bytes = await Bun.file(`${ROOT}examples/${name}`).bytes();
    expect(judgeConfig([{ path: name, bytes }])).toMatchObject({ ok: true, notes: [] });
  },
);
