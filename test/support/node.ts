import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ApiObject } from '../../src/demo/api-object.ts';
import { ApiServer, type ApiServerOptions } from '../../src/demo/api-server.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** The plugin as `make` builds it. */
export const PLUGIN = new URL('../../build/crio-credential-provider', import.meta.url).pathname;

/** What one run of the plugin gave. */
export interface PluginResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Further flags, after the node's own. */
  readonly flags?: readonly string[];
  /** The whole environment; by default almost none, as in a unit without settings. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  /** What to start in place of the built plugin, and with which first arguments. */
  readonly command?: readonly string[];
}

export interface RequestFields {
  readonly image?: unknown;
  readonly token?: unknown;
  readonly annotations?: unknown;
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
}

/** A node's directories and its cluster: what the plugin meets, without touching this machine's own. */
export class TestNode implements AsyncDisposable {
  readonly root: string;
  readonly authDir: string;
  readonly registriesConf: string;
  readonly dropInDir: string;
  readonly globalAuthFile: string;
  readonly certificateAuthority: string;
  readonly server: ApiServer;
  readonly #directory: { readonly path: string } & Disposable;

  private constructor(server: ApiServer) {
    this.server = server;
    this.#directory = temporaryDirectory();
    this.root = this.#directory.path;
    this.authDir = `${this.root}/auth`;
    this.registriesConf = `${this.root}/registries.conf`;
    this.dropInDir = `${this.root}/registries.conf.d`;
    this.globalAuthFile = `${this.root}/config.json`;
    this.certificateAuthority = `${this.root}/ca.crt`;
    writeFileSync(this.certificateAuthority, server.certificateAuthority);
    writeFileSync(this.registriesConf, mirrorConf('docker.io', 'localhost:5000'));
  }

  static async start(options: ApiServerOptions = {}): Promise<TestNode> {
    return new TestNode(await ApiServer.start(options));
  }

  /** A namespace whose service account `default` may read its pull secrets, and one Secret of the given auths. */
  addNamespace(namespace: string, auths: Readonly<Record<string, unknown>>): void {
    this.server.permissions.allowPullSecrets(namespace, 'default');
    this.server.apply(pullSecret(namespace, 'pull', auths));
  }

  token(namespace: string, serviceAccount = 'default'): string {
    return this.server.issueToken({ namespace, serviceAccount });
  }

  /** The flags that point the plugin at this node. */
  flags(): string[] {
    return [
      ...['--registries-conf', this.registriesConf, '--registries-conf-dir', this.dropInDir],
      ...['--auth-dir', this.authDir, '--kubelet-auth-file', this.globalAuthFile],
      ...['--kubernetes-config-dir', this.root, '--api-server', this.server.url],
      ...['--certificate-authority', this.certificateAuthority],
    ];
  }

  /** Runs the plugin on a request text. */
  async run(request: string, options: RunOptions = {}): Promise<PluginResult> {
    return runPlugin(request, { ...options, flags: [...this.flags(), ...(options.flags ?? [])] });
  }

  /** Runs the plugin for an image in a namespace, as the kubelet does for a pod. */
  pull(image: string, namespace: string, options: RunOptions = {}): Promise<PluginResult> {
    return this.run(requestText({ image, token: this.token(namespace) }), options);
  }

  authFiles(): string[] {
    try {
      return readdirSync(this.authDir).sort();
    } catch {
      return [];
    }
  }

  /** The `auths` of a namespace's file for an image. */
  auths(
    image: string,
    namespace: string,
  ): Record<string, { auth?: string; identitytoken?: string }> {
    const name = authFileName(image, namespace);
    return JSON.parse(readFileSync(`${this.authDir}/${name}`, 'utf8')).auths;
  }

  writeDropIn(name: string, text: string): void {
    mkdirSync(this.dropInDir, { recursive: true });
    writeFileSync(`${this.dropInDir}/${name}`, text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop();
    this.#directory[Symbol.dispose]();
  }
}

/** Starts the plugin with nothing but the given flags. */
export async function runPlugin(request: string, options: RunOptions = {}): Promise<PluginResult> {
  const plugin = Bun.spawn([...(options.command ?? [PLUGIN]), ...(options.flags ?? [])], {
    stdin: new TextEncoder().encode(request),
    stdout: 'pipe',
    stderr: 'pipe',
    env: { ...(options.environment ?? { PATH: '/usr/bin:/bin' }) },
    ...(options.workingDirectory === undefined ? {} : { cwd: options.workingDirectory }),
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(plugin.stdout).text(),
    new Response(plugin.stderr).text(),
    plugin.exited,
  ]);
  return { exitCode, stdout, stderr };
}

/** A CredentialProviderRequest; a field given as undefined is left out. */
export function requestText(fields: RequestFields): string {
  return JSON.stringify({
    kind: 'kind' in fields ? fields.kind : 'CredentialProviderRequest',
    apiVersion: 'apiVersion' in fields ? fields.apiVersion : 'credentialprovider.kubelet.k8s.io/v1',
    image: fields.image,
    serviceAccountToken: fields.token,
    serviceAccountAnnotations: fields.annotations,
  });
}

/** One `[[registry]]` with a mirror. */
export function mirrorConf(location: string, mirror: string): string {
  return `[[registry]]\nlocation = "${location}"\n[[registry.mirror]]\nlocation = "${mirror}"\ninsecure = true\n`;
}

/** A Secret of type kubernetes.io/dockerconfigjson. */
export function pullSecret(
  namespace: string,
  name: string,
  auths: Readonly<Record<string, unknown>>,
): ApiObject {
  const data = { '.dockerconfigjson': base64(JSON.stringify({ auths })) };
  const type = 'kubernetes.io/dockerconfigjson';
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type, data };
}

/** An entry with `auth`. */
export function auth(user: string, password: string): { readonly auth: string } {
  return { auth: base64(`${user}:${password}`) };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

export function authFileName(image: string, namespace: string): string {
  return `${namespace}-${new Bun.CryptoHasher('sha256').update(image).digest('hex')}.json`;
}
