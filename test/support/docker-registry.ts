import { mkdirSync } from 'node:fs';
import { htpasswdFor } from '../../src/demo/htpasswd.ts';
import { realProgram } from './real.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A running docker-registry, as Debian packages it. */
export interface DockerRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`, plain HTTP. */
  readonly host: string;
  readonly stop: () => Promise<void>;
}

export const dockerRegistry = realProgram('docker-registry');

const ATTEMPTS = 5;

/** Starts a docker-registry that keeps its content in a temporary directory; with passwords, by htpasswd. */
export async function startDockerRegistry(
  passwords?: Readonly<Record<string, string>>,
): Promise<DockerRegistry> {
  const htpasswd = passwords === undefined ? undefined : await htpasswdFor(passwords);
  // It cannot choose a free port itself and tell; ours may be gone by the time it binds.
  for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
    const started = await tryToStart(htpasswd);
    if (started !== undefined) return started;
  }
  throw new Error('docker-registry did not start');
}

async function tryToStart(htpasswd: string | undefined): Promise<DockerRegistry | undefined> {
  const directory = temporaryDirectory();
  const host = `127.0.0.1:${await freePort()}`;
  const config = await writeConfig(directory.path, host, htpasswd);
  const child = Bun.spawn([dockerRegistry.path, 'serve', config], {
    env: { PATH: process.env['PATH'] ?? '', OTEL_TRACES_EXPORTER: 'none' },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  });
  const stop = async (): Promise<void> => {
    child.kill();
    await child.exited;
    directory[Symbol.dispose]();
  };
  if (await answers(host, child)) return { host, stop, [Symbol.asyncDispose]: stop };
  await stop();
  return undefined;
}

async function writeConfig(
  directory: string,
  host: string,
  htpasswd: string | undefined,
): Promise<string> {
  mkdirSync(`${directory}/content`);
  await Bun.write(`${directory}/htpasswd`, htpasswd ?? '');
  const config = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: `${directory}/content` } },
    http: { addr: host },
    ...(htpasswd !== undefined && {
      auth: { htpasswd: { realm: 'test', path: `${directory}/htpasswd` } },
    }),
  };
  // JSON is YAML.
  await Bun.write(`${directory}/config.yml`, JSON.stringify(config));
  return `${directory}/config.yml`;
}

async function freePort(): Promise<number> {
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response() });
  const { port } = server;
  await server.stop(true);
  return port ?? 0;
}

async function answers(host: string, child: Bun.Subprocess): Promise<boolean> {
  while (child.exitCode === null) {
    const response = await fetch(`http://${host}/v2/`, { keepalive: false }).catch(() => undefined);
    if (response?.headers.get('docker-distribution-api-version') === 'registry/2.0') return true;
    await Bun.sleep(20);
  }
  return false;
}
