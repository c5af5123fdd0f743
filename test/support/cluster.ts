import { writeFileSync } from 'node:fs';
import { type ApiObject, fieldAt, textAt } from '../../src/demo/api-object.ts';
import { deadlineIn } from '../../src/diagnostics/deadline.ts';
import type { JsonObject } from '../../src/diagnostics/json.ts';
import { ApiClient, type ApiIdentity } from '../../src/kubernetes/client.ts';
import { readKubeconfig } from '../../src/kubernetes/kubeconfig.ts';
import { readKubeconfigUser } from '../../src/kubernetes/kubeconfig-user.ts';
import { requestToken } from '../../src/kubernetes/service-accounts.ts';
import type { TestNode } from './node.ts';

const REQUEST_MS = 30_000;
const RBAC = { apiVersion: 'rbac.authorization.k8s.io/v1' };

/** Named by `make test-cluster`, to run the tests against a real cluster instead of the stand-in. */
const REAL_KUBECONFIG = process.env['PULLKEY_TEST_KUBECONFIG'] ?? '';
/** What a cluster answers to an object that it shall check and not keep. */
export interface DryRun {
  readonly status: number;
  readonly message: string;
}

/** One rule of a Role; resources of the core group. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
}

/**
 * A cluster as an administrator uses it, through its API alone, so that the stand-in and a real cluster are
 * the same to a test. All that it makes is in namespaces of its own, which go when it is disposed of.
 */
export class Cluster implements AsyncDisposable {
  readonly kubeconfig: string;
  readonly url: string;
  readonly certificateAuthority: string;
  readonly #identity: ApiIdentity;
  readonly #namespaces: string[] = [];

  /** The real cluster where one is named, else the node's stand-in; the node trusts it from then on. */
  static of(node: TestNode): Cluster {
    const standIn = `${node.root}/admin.kubeconfig`;
    writeFileSync(standIn, node.server.kubeconfig());
    const cluster = new Cluster(REAL_KUBECONFIG === '' ? standIn : REAL_KUBECONFIG);
    writeFileSync(node.certificateAuthority, cluster.certificateAuthority);
    return cluster;
  }

  /** Connects as the administrator whose kubeconfig it is. */
  private constructor(kubeconfig: string) {
    this.kubeconfig = kubeconfig;
    const cluster = readKubeconfig(kubeconfig);
    if (cluster?.certificateAuthority === undefined) {
      throw new Error(`${kubeconfig} names no cluster with a certificate authority`);
    }
    this.url = cluster.server;
    this.certificateAuthority = cluster.certificateAuthority.pem;
    this.#identity = readKubeconfigUser(kubeconfig);
  }

  /** The cluster of a kubeconfig, as its administrator. */
  static at(kubeconfig: string): Cluster {
    return new Cluster(kubeconfig);
  }

  async createNamespace(): Promise<string> {
    const name = `pullkey-test-${crypto.randomUUID().slice(0, 8)}`;
    await this.#create('/api/v1/namespaces', { kind: 'Namespace', metadata: { name } });
    this.#namespaces.push(name);
    return name;
  }

  createSecret(namespace: string, name: string, type: string, data: JsonObject): Promise<void> {
    const secret = { kind: 'Secret', metadata: { name }, type, stringData: data };
    return this.#create(`/api/v1/namespaces/${namespace}/secrets`, secret);
  }

  createServiceAccount(
    namespace: string,
    name: string,
    pullSecrets: readonly string[] = [],
  ): Promise<void> {
    const imagePullSecrets = pullSecrets.map((secret) => ({ name: secret }));
    const account = { kind: 'ServiceAccount', metadata: { name }, imagePullSecrets };
    return this.#create(`/api/v1/namespaces/${namespace}/serviceaccounts`, account);
  }

  /** Gives a service account a Role of its own, and waits until the cluster goes by it. */
  async allow(namespace: string, serviceAccount: string, rules: readonly Rule[]): Promise<void> {
    const metadata = { name: serviceAccount };
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
    const grants = rules.map((rule) => ({ apiGroups: [''], ...rule }));
    await this.#create(`${path}/roles`, { ...RBAC, kind: 'Role', metadata, rules: grants });
    await this.#create(`${path}/rolebindings`, {
      ...RBAC,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: serviceAccount },
      subjects: [{ kind: 'ServiceAccount', namespace, name: serviceAccount }],
    });
    await this.untilAllowed(namespace, serviceAccount, rules);
  }

  /** Authorizers learn of new Roles a moment later. */
  async untilAllowed(
    namespace: string,
    serviceAccount: string,
    rules: readonly Rule[],
  ): Promise<void> {
    const token = await this.token(namespace, serviceAccount);
    for (const rule of rules) await this.#untilAllowed({ token }, namespace, rule);
  }

  /** Creates an object of any kind that the cluster serves; it may be there already. */
  async create(object: ApiObject): Promise<void> {
    const collection = await this.#collectionOf(object);
    if (collection === undefined) throw new Error(`the cluster serves no ${object.kind}`);
    const response = await this.#fetch(collection, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(object),
    });
    if (response.status >= 300 && response.status !== 409) throw new Error(await response.text());
  }

  /** A token of a service account; the API server's own audience where none is named. */
  token(namespace: string, serviceAccount: string, audience?: string): Promise<string> {
    return requestToken(this.#as(this.#identity), { namespace, serviceAccount, audience });
  }

  /**
   * Has the cluster check a new object, JSON text, as strictly as it can, without keeping it; undefined where
   * it does not serve the kind. What is valid and there already answers with 409, after all the checks.
   */
  async dryRun(text: string): Promise<DryRun | undefined> {
    const collection = await this.#collectionOf(JSON.parse(text));
    if (collection === undefined) return undefined;
    const query = 'dryRun=All&fieldValidation=Strict&fieldManager=pullkey-test';
    const response = await this.#fetch(`${collection}?${query}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: text,
    });
    const answer: unknown = await response.json();
    return { status: response.status, message: textAt(answer, 'message') ?? '' };
  }

  /** The path that objects of a kind are posted to, as the cluster's discovery tells. */
  async #collectionOf(object: ApiObject): Promise<string | undefined> {
    const { apiVersion, kind, metadata } = object;
    const version = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const response = await this.#fetch(version, {});
    if (response.status === 404) return undefined;
    const served = fieldAt(await response.json(), 'resources');
    const resource = (Array.isArray(served) ? served : []).find(
      (one) => textAt(one, 'kind') === kind && !textAt(one, 'name')?.includes('/'),
    );
    if (resource === undefined) return undefined;
    const place = fieldAt(resource, 'namespaced') ? `/namespaces/${metadata.namespace}` : '';
    return `${version}${place}/${textAt(resource, 'name')}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of this.#namespaces) {
      await this.#fetch(`/api/v1/namespaces/${name}`, { method: 'DELETE' });
    }
  }

  /** The client of src/ only reads and creates, and words every refusal itself. */
  #fetch(path: string, { headers, ...request }: RequestInit): Promise<Response> {
    const identity = this.#identity;
    const tls = { ca: this.certificateAuthority, rejectUnauthorized: true };
    const authorization =
      'token' in identity ? { Authorization: `Bearer ${identity.token}` } : undefined;
    const pair = 'token' in identity ? {} : { cert: identity.certificate, key: identity.key };
    return fetch(this.url + path, {
      ...request,
      headers: { ...headers, ...authorization },
      tls: { ...tls, ...pair },
    });
  }

  async #create(path: string, object: JsonObject): Promise<void> {
    await this.#as(this.#identity).post(path, { apiVersion: 'v1', ...object });
  }

  async #untilAllowed(identity: ApiIdentity, namespace: string, rule: Rule): Promise<void> {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const [verb, resource, name] = [rule.verbs[0], rule.resources[0], rule.resourceNames?.[0]];
    const spec = { resourceAttributes: { namespace, verb, resource, ...(name && { name }) } };
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const { status } = await this.#as(identity).post(path, review);
      if (Bun.deepMatch({ allowed: true }, status)) return;
      await Bun.sleep(100);
    }
    throw new Error(`the cluster does not go by the Role in namespace ${namespace}`);
  }

  #as(identity: ApiIdentity): ApiClient {
    const server = {
      url: this.url,
      host: this.url,
      certificateAuthority: this.certificateAuthority,
    };
    return new ApiClient(server, identity, deadlineIn(REQUEST_MS));
  }
}
