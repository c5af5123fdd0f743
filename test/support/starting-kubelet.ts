import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the kubelet of a node finds its providers, as people know it of such a node. */
export interface KubeletPlaces {
  readonly service: string;
  readonly config: string;
  readonly pluginDir: string;
  /** The file that hands both over to the kubelet; undefined where it looks there by itself. */
  readonly flagsIn: string | undefined;
}

/**
 * A kubelet that starts anew whenever the control program is asked to restart it: it reads its
 * configuration and looks for the executables then, and tells health and hash over HTTP. It shares no code
 * with what it is to judge.
 */
export class StartingKubelet implements Disposable {
  /** Whether it does not come up with our provider, as one of another version might. */
  isBroken = false;
  readonly control: string;
  readonly #log: string;
  readonly #root: string;
  readonly #places: KubeletPlaces;
  readonly #server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request) => this.#answer(new URL(request.url).pathname),
  });
  #starts = 0;
  #hash: string | undefined;
  #isHealthy = true;

  constructor(root: string, places: KubeletPlaces, tools: string) {
    this.#root = root;
    this.#places = places;
    this.#log = join(tools, 'asked');
    this.control = join(tools, 'control');
    writeFileSync(this.#log, '');
    writeFileSync(this.control, `#!/bin/sh\necho "$@" >> '${this.#log}'\n`);
    chmodSync(this.control, 0o755);
  }

  /** What the control program was asked for since the last time. */
  takeAsked(): readonly string[] {
    this.#startIfAsked();
    const asked = readFileSync(this.#log, 'utf8').split('\n').slice(0, -1);
    writeFileSync(this.#log, '');
    this.#starts = 0;
    return asked;
  }

  get isHealthy(): boolean {
    this.#startIfAsked();
    return this.#isHealthy;
  }

  /** Options of install and uninstall that lead to it. */
  get options(): readonly string[] {
    const url = `http://127.0.0.1:${this.#server.port}`;
    return [
      ...['--restart', '--timeout', '1s', '--kubelet-control', this.control],
      ...['--healthz-url', `${url}/healthz`, '--metrics-url', `${url}/metrics`],
    ];
  }

  [Symbol.dispose](): void {
    this.#server.stop(true);
  }

  #startIfAsked(): void {
    const asked = readFileSync(this.#log, 'utf8').split('\n');
    const restarts = asked.filter((words) => words === `restart ${this.#places.service}`).length;
    if (restarts === this.#starts) return;
    this.#starts = restarts;
    this.#start();
  }

  #start(): void {
    const { config, pluginDir, flagsIn } = this.#places;
    const flags = flagsIn === undefined ? '' : this.#text(flagsIn);
    const isTold = flagsIn === undefined || (flags.includes(config) && flags.includes(pluginDir));
    const hasFiles = existsSync(join(this.#root, config)) && this.#hasDirectory(pluginDir);
    if (!isTold || !hasFiles) {
      this.#hash = undefined;
      this.#isHealthy = isTold ? flagsIn === undefined : true;
      return;
    }
    const text = this.#text(config);
    const names = [...text.matchAll(/name"?: "?([\w-]+-provider)/g)].map(([, name = '']) => name);
    const present = readdirSync(join(this.#root, pluginDir));
    const isOurs = names.includes('crio-credential-provider');
    this.#isHealthy = names.every((name) => present.includes(name)) && !(this.isBroken && isOurs);
    this.#hash = hashOf(Buffer.from(text));
  }

  #text(path: string): string {
    const place = join(this.#root, path);
    return existsSync(place) ? readFileSync(place, 'utf8') : '';
  }

  #hasDirectory(path: string): boolean {
    return statSync(join(this.#root, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  #answer(path: string): Response {
    this.#startIfAsked();
    if (!this.#isHealthy) return new Response('no', { status: 500 });
    if (path === '/healthz') return new Response('ok');
    const version = 'kubernetes_build_info{git_version="v1.36.2"} 1\n';
    const info = `kubelet_credential_provider_config_info{hash="${this.#hash}"} 1\n`;
    return new Response(this.#hash === undefined ? version : version + info);
  }
}

/** Of one file: its length in eight bytes, and the file (credentialprovider/plugin/config.go). */
function hashOf(bytes: Buffer): string {
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(bytes.length));
  const hasher = new Bun.CryptoHasher('sha256');
  return `sha256:${hasher.update(length).update(bytes).digest('hex')}`;
}
