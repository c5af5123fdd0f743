import { describe, expect, test } from 'bun:test';
import { isDnsSubdomain } from '../../src/kubernetes/names.ts';
import { featureGateDocument } from '../../src/platform/feature-gate.ts';
import { machineConfig } from '../../src/platform/machine-config.ts';
import { poolFiles } from '../../src/platform/pool-files.ts';
import { pullSecretDocument } from '../../src/platform/pull-secret.ts';
import { namespaceRbac, nodesRbac } from '../../src/platform/rbac.ts';
import { tenantDocuments } from '../../src/platform/tenant.ts';
import { testPodDocument } from '../../src/platform/test-pod.ts';
import type { RenderedDocument } from '../../src/platform/yaml-document.ts';

const AUDIENCE = { url: 'https://kubernetes.default.svc', isGuessed: true };
const SECRET = {
  name: 'mirror-pull',
  namespace: 'team-a',
  registry: 'localhost:5000',
  username: 'myuser',
  password: 'päss:word\n',
};
const ACCESS = { namespace: 'team-a', serviceAccount: 'builder', secrets: ['mirror-pull'] };

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly Rule[];
  readonly roleRef?: { readonly apiGroup: string; readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string }[];
  readonly data?: Readonly<Record<string, string>>;
}

function objects(...documents: readonly RenderedDocument[]): readonly KubernetesObject[] {
  return documents.map(({ value }) => value as unknown as KubernetesObject);
}

const EVERYTHING = objects(
  ...namespaceRbac({ ...ACCESS, secrets: [] }),
  ...nodesRbac({ audience: AUDIENCE, readsServiceAccounts: true }),
  ...tenantDocuments({ ...ACCESS, pullSecret: SECRET }),
  testPodDocument({
    name: 't',
    namespace: 'team-a',
    serviceAccount: 'default',
    image: 'nginx',
    node: 'n1',
  }),
  featureGateDocument(),
  { value: machineConfig('97-x', 'worker', poolFiles('AWS', ['quay.io']).files) },
);

const CLUSTER_SCOPED = [
  'Namespace',
  'ClusterRole',
  'ClusterRoleBinding',
  'FeatureGate',
  'MachineConfig',
];

describe('every object', () => {
  test.each(EVERYTHING.map((one) => [one.kind, one] as const))(
    '%s has a version, a valid name, and a namespace where its kind has one',
    (kind, { apiVersion, metadata }) => {
      expect(apiVersion).toMatch(/^(?:[a-z0-9.]+\/)?v1$/);
      expect(isDnsSubdomain(metadata.name)).toBe(true);
      expect(metadata.namespace).toBe(CLUSTER_SCOPED.includes(kind) ? undefined : 'team-a');
    },
  );

  test('of a binding refers to the role that is rendered before it', () => {
    for (const [index, { kind, roleRef, subjects, metadata }] of EVERYTHING.entries()) {
      if (roleRef === undefined) continue;
      const role = EVERYTHING[index - 1];
      expect({
        apiGroup: 'rbac.authorization.k8s.io',
        kind: role?.kind,
        name: role?.metadata.name,
      }).toEqual(roleRef);
      expect(kind).toBe(`${roleRef.kind}Binding`);
      expect(metadata.namespace).toBe(role?.metadata.namespace);
      expect(subjects).toHaveLength(1);
    }
  });

  test('no rule has a wildcard, and none allows to write', () => {
    const rules = EVERYTHING.flatMap(({ rules: own = [] }) => own);
    expect(rules).not.toHaveLength(0);
    for (const { apiGroups, resources, verbs } of rules) {
      expect([...apiGroups, ...resources].join()).not.toContain('*');
      expect(
        verbs.every((verb) =>
          ['get', 'list', 'watch', 'request-serviceaccounts-token-audience'].includes(verb),
        ),
      ).toBe(true);
    }
  });
});

test('named Secrets are allowed by name, and nothing is listed', () => {
  const [role] = objects(...namespaceRbac(ACCESS));
  expect(role?.rules).toEqual([
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['mirror-pull'], verbs: ['get'] },
    { apiGroups: [''], resources: ['serviceaccounts'], resourceNames: ['builder'], verbs: ['get'] },
  ]);
});

test('a pull secret holds what docker login would write', () => {
  const [secret] = objects(pullSecretDocument(SECRET));
  const config = JSON.parse(
    Buffer.from(secret?.data?.['.dockerconfigjson'] ?? '', 'base64').toString(),
  );
  expect(config).toEqual({
    auths: {
      'localhost:5000': {
        username: 'myuser',
        password: 'päss:word\n',
        auth: Buffer.from('myuser:päss:word\n').toString('base64'),
      },
    },
  });
});

test('a tenant’s service account names its Secrets, in the annotation and as imagePullSecrets', () => {
  const account = tenantDocuments(ACCESS).find(({ value }) =>
    JSON.stringify(value).includes('"ServiceAccount"'),
  );
  expect(account?.value).toMatchObject({
    metadata: { name: 'builder', annotations: { 'pullkey.dev/pull-secrets': 'mirror-pull' } },
    imagePullSecrets: [{ name: 'mirror-pull' }],
  });
});
