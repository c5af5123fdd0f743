import { mkdirSync } from 'node:fs';
import type { ServerCertificate } from '../../src/demo/certificates.ts';
import { htpasswdFor } from '../../src/demo/htpasswd.ts';
import { realProgram } from './real.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A running docker-registry, as Debian packages it. */
export interface DockerRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`; plain HTTP unless it got a certificate. */
  readonly host: string;
  readonly stop: () => Promise<void>;
}

export const dockerRegistry = realProgram('docker-registry');

const ATTEMPTS = 5;

/**
 * Starts a docker-registry that keeps its content in a temporary directory; with passwords, by htpasswd;
 * with a certificate, over TLS.
 */
export async function startDockerRegistry(
  passwords?: Readonly<Record<string, string>>,
  tls?: ServerCertificate,
): Promise<DockerRegistry> {
  const htpasswd = passwords === undefined ? undefined : await htpasswdFor(passwords);
  // It cannot choose a free port itself and tell; ours may be gone by the time it binds.
  for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
    const started = await tryToStart(htpasswd, tls);
    if (started !== undefined) return started;
  }
  throw new Error('docker-registry did not start');
}

async function tryToStart(
  htpasswd: string | undefined,
  tls: ServerCertificate | undefined,
): Promise<DockerRegistry | undefined> {
  const directory = temporaryDirectory();
  const host = `127.0.0.1:${await freePort()}`;
  const config = await writeConfig(directory.path, host, htpasswd, tls);
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
  const url = `${tls === undefined ? 'http' : 'https'}://${host}/v2/`;
  if (await answers(url, child)) return { host, stop, [Symbol.asyncDispose]: stop };
  await stop();
  return undefined;
}

async function writeConfig(
  directory: string,
  host: string,
  htpasswd: string | undefined,
  tls: ServerCertificate | undefined,
): Promise<string> {
  mkdirSync(`${directory}/content`);
  await Bun.write(`${directory}/htpasswd`, htpasswd ?? '');
  await Bun.write(`${directory}/tls.crt`, tls?.certificate ?? '');
  await Bun.write(`${directory}/tls.key`, tls?.key ?? '');
  const config = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: `${directory}/content` } },
    http: {
      addr: host,
      ...(tls !== undefined && {
        tls: { certificate: `${directory}/tls.crt`, key: `${directory}/tls.key` },
      }),
    },
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

async function answers(url: string, child: Bun.Subprocess): Promise<boolean> {
  // Nothing is told to it, so it does not matter who it is.
  const options = { keepalive: false, tls: { rejectUnauthorized: false } };
  while (child.exitCode === null) {
    const response = await fetch(url, options).catch(() => undefined);
    if (response?.headers.get('docker-distribution-api-version') === 'registry/2.0') return true;
    await Bun.sleep(20);
  }
  return false;
}
