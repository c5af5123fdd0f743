import { expect, test } from 'bun:test';
import type { ApiObject } from '../../src/demo/api-object.ts';
import { customResource } from '../../src/demo/api-resources.ts';
import { ApiServer } from '../../src/demo/api-server.ts';
import { FEATURE_GATE, MACHINE_CONFIG } from '../../src/demo/kinds/openshift-kinds.ts';
import { type Answer, apiClient, type Call } from './api-client.ts';
import { renderedObjects } from './rendered-objects.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
/** Where objects of each kind are posted to. */
export const PATHS: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  ServiceAccount: '/api/v1/namespaces/team-a/serviceaccounts',
  Secret: '/api/v1/namespaces/team-a/secrets',
  Pod: '/api/v1/namespaces/team-a/pods',
  Role: `${RBAC}/namespaces/team-a/roles`,
  RoleBinding: `${RBAC}/namespaces/team-a/rolebindings`,
  ClusterRole: `${RBAC}/clusterroles`,
  ClusterRoleBinding: `${RBAC}/clusterrolebindings`,
  FeatureGate: '/apis/config.openshift.io/v1/featuregates',
  MachineConfig: '/apis/machineconfiguration.openshift.io/v1/machineconfigs',
};

/** What is rendered, by kind; the namespace has a name of its own, since the other is there already. */
const RENDERED = new Map(
  [
    'manifests --namespace team-b',
    'pull-secret --namespace team-a --registry a.io --username u',
    'test-pod --namespace team-a --node n1',
    'rbac --namespace team-a --service-account app --nodes --audience https://x',
    'feature-gate',
    'machine-config --pool worker --platform none --match-images docker.io',
  ]
    .flatMap((line) => renderedObjects(line))
    .map((object) => [object.kind, object] as const),
);
const ACCOUNT = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'app' } };
RENDERED.set('ServiceAccount', ACCOUNT);

/** The rendered object of a kind. */
export function rendered(kind: string): ApiObject {
  const object = RENDERED.get(kind);
  if (object === undefined) throw new Error(`no ${kind} is rendered`);
  return object;
}

/** An object's text with a piece of it replaced, which must be there. */
export function changed(kind: string, piece: string, by: string): unknown {
  const text = JSON.stringify(rendered(kind));
  expect(text).toContain(piece);
  return JSON.parse(text.replace(piece, by));
}

/** An API server's stand-in with every kind that is rendered, and how to ask it. */
export class KindServer implements AsyncDisposable {
  readonly server: ApiServer;
  readonly call: Call;

  private constructor(server: ApiServer) {
    this.server = server;
    this.call = apiClient(server);
    server.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } });
  }

  static async start(): Promise<KindServer> {
    const resources = [FEATURE_GATE, MACHINE_CONFIG].map(customResource);
    return new KindServer(await ApiServer.start({ resources }));
  }

  /** Posts an object to where its kind belongs, by default for a strict check alone. */
  post(kind: string, body: unknown, query = 'dryRun=All&fieldValidation=Strict'): Promise<Answer> {
    return this.call(`${PATHS[kind]}?${query}`, { method: 'POST', body });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server.stop();
  }
}

/** A rendered object of a kind, a piece of its text and what stands there instead, and why that is refused. */
export type Refusal = readonly [kind: string, piece: string, by: string, message: string];

/** A test for each refusal, with its status. */
export function expectRefusals(
  server: () => KindServer,
  status: number,
  refusals: readonly Refusal[],
): void {
  test.each(refusals)('of a %s, %p as %p', async (kind, piece, by, message) => {
    const answer = await server().post(kind, changed(kind, piece, by));
    expect(answer).toMatchObject({ status, body: { message: expect.stringContaining(message) } });
  });
}
