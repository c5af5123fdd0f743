import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_GROUP, CONFIG_KIND } from '../kubelet/credential-provider-config.ts';
import { goYaml } from '../platform/go-yaml.ts';
import { mirrorEntry } from '../platform/provider-entry.ts';
import { ApiServer } from './api-server.ts';
import { DEFAULT_AUDIENCE } from './api-tokens.ts';
import { htpasswdFor } from './htpasswd.ts';
import { Registry } from './registry.ts';

const USER = 'myuser';

const NODE = 'demo';
const SERVICE_ACCOUNT = 'default';
const DEMO_HOST = 'docker.io';
const REPOSITORY = 'library/nginx';

/** The image that the demo pulls; its mirror keeps it under the same path. */
export const DEMO_IMAGE = `${DEMO_HOST}/${REPOSITORY}`;

/** The pod of each namespace. */
export const DEMO_POD = 'web';

/** The namespace that has the mirror's credential, and one that has only another registry's. */
export const TENANT = 'team-a';
export const OTHER_TENANT = 'team-b';

/**
 * A node and what stands around it, on loopback and in a temporary directory: an API server with two
 * namespaces, a mirror with a password that nobody is shown, and a registries.conf by which Docker Hub
 * itself is out of reach, so that a refusal can only be the mirror's own.
 */
export class DemoCluster implements AsyncDisposable {
  readonly directory: string;
  readonly server: ApiServer;
  readonly registry: Registry;

  private constructor(directory: string, server: ApiServer, registry: Registry) {
    this.directory = directory;
    this.server = server;
    this.registry = registry;
  }

  static async start(onAccess: (line: string) => void): Promise<DemoCluster> {
    const password = crypto.randomUUID();
    const server = await ApiServer.start();
    const registry = Registry.start({
      htpasswd: await htpasswdFor({ [USER]: password }),
      onAccess,
    });
    registry.seedImage(REPOSITORY);
    server.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } });
    addTenant(server, TENANT, 'mirror-pull', { [registry.host]: { username: USER, password } });
    addTenant(server, OTHER_TENANT, 'quay-pull', { 'quay.io': { username: 'someone', password } });
    const directory = await mkdtemp(join(tmpdir(), 'pullkey-demo-'));
    const cluster = new DemoCluster(directory, server, registry);
    await mkdir(cluster.#dropInDir);
    await writeFile(cluster.registriesConf, registriesConf(registry.host));
    await writeFile(cluster.certificateAuthority, server.certificateAuthority);
    await writeFile(cluster.#kubeconfig, server.kubeconfig(), { mode: 0o600 });
    await writeFile(cluster.credentialProviderConfig, cluster.#credentialProviderConfig());
    return cluster;
  }

  get registriesConf(): string {
    return join(this.directory, 'registries.conf');
  }

  get #dropInDir(): string {
    return join(this.directory, 'registries.conf.d');
  }

  get authDir(): string {
    return join(this.directory, 'auth');
  }

  /** The kubelet's configuration of its plugins, by which `pullkey explain` finds all else of this node. */
  get credentialProviderConfig(): string {
    return join(this.directory, 'credential-providers.yaml');
  }

  get certificateAuthority(): string {
    return join(this.directory, 'ca.crt');
  }

  /** The plugin's flags for this node; nothing of the machine's own configuration is read. */
  get flags(): string[] {
    return [
      `--registries-conf=${this.registriesConf}`,
      `--registries-conf-dir=${this.#dropInDir}`,
      `--auth-dir=${this.authDir}`,
      `--kubelet-auth-file=${join(this.directory, 'config.json')}`,
      `--kubernetes-config-dir=${this.directory}`,
      `--api-server=${this.server.url}`,
      `--certificate-authority=${this.certificateAuthority}`,
    ];
  }

  /** What the kubelet asks for a pod of a namespace, with the pod's token in it. */
  request(namespace: string): string {
    return JSON.stringify({
      kind: 'CredentialProviderRequest',
      apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
      image: DEMO_IMAGE,
      serviceAccountToken: this.server.issueToken({ namespace, serviceAccount: SERVICE_ACCOUNT }),
    });
  }

  /** An administrator's. */
  get #kubeconfig(): string {
    return join(this.directory, 'kubeconfig');
  }

  #credentialProviderConfig(): string {
    const args = [...this.flags, `--kubeconfig=${this.#kubeconfig}`];
    const entry = { ...mirrorEntry([DEMO_HOST], DEFAULT_AUDIENCE), args };
    return goYaml({ apiVersion: `${CONFIG_GROUP}/v1`, kind: CONFIG_KIND, providers: [entry] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.server.stop(), this.registry.stop()]);
    await rm(this.directory, { recursive: true, force: true });
  }
}

type Auths = Readonly<Record<string, { readonly username: string; readonly password: string }>>;

/** A namespace with one pull secret, and one pod that wants the image. */
function addTenant(server: ApiServer, namespace: string, name: string, auths: Auths): void {
  server.permissions.allowPullSecrets(namespace, SERVICE_ACCOUNT);
  server.apply(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: SERVICE_ACCOUNT, namespace } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: DEMO_POD, namespace },
      spec: {
        nodeName: NODE,
        serviceAccountName: SERVICE_ACCOUNT,
        containers: [{ name: 'nginx', image: DEMO_IMAGE }],
      },
    },
  );
}

function registriesConf(mirror: string): string {
  return `[[registry]]
prefix = "docker.io"
location = "upstream.invalid"

[[registry.mirror]]
location = "${mirror}"
insecure = true
`;
}
