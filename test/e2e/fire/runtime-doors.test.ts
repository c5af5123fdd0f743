import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createAuthority } from '../../../src/demo/certificates.ts';
import { auth, TestNode } from '../../support/node.ts';
import { PASSWORD } from '../../support/secrecy.ts';
import { expectRefused, expectSurvived, type Trial, tryPull } from '../../support/trial.ts';

const BUILD = new URL('../../../build/', import.meta.url).pathname;
const NGINX = 'docker.io/library/nginx';
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin';

let node: TestNode;
let otherAuthority: string;
let preload: string;
let proof: string;
beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD) });
  otherAuthority = `${node.root}/other.crt`;
  writeFileSync(otherAuthority, (await createAuthority('other')).certificate);
  preload = `${node.root}/preload.js`;
  proof = `${node.root}/proof`;
  writeFileSync(preload, `require('node:fs').writeFileSync(${JSON.stringify(proof)}, '');`);
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => rmSync(node.authDir, { recursive: true, force: true }));

type Environment = Readonly<Record<string, string>>;

function pullWith(environment: Environment, ...flags: string[]): Promise<Trial> {
  return tryPull(node, NGINX, 'default', { environment: { PATH, ...environment }, flags });
}

/** For `test.each`: a title that tells the variables, then the environment. */
function titled(environments: readonly Environment[]): [string, Environment][] {
  return environments.map((one) => [
    Object.entries(one)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
    one,
  ]);
}

function started(name: string, environment: Environment, ...args: string[]) {
  const run = Bun.spawnSync([BUILD + name, ...args], { env: { PATH, ...environment } });
  return { stdout: run.stdout.toString(), stderr: run.stderr.toString() };
}

describe('no code is loaded by', () => {
  const OPTIONS = ['--preload F', '--preload=F', '-r F', '--require F', '--import F', '--config=F'];
  test.each(OPTIONS)('BUN_OPTIONS with %s', async (option) => {
    const environment = { BUN_OPTIONS: option.replace('F', preload) };
    expectSurvived(await pullWith(environment));
    expect(started('pullkey', environment, '--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(existsSync(proof)).toBe(false);
  });
  test.each(['--version', '--help', '--eval 1', '--print 1', '--inspect-wait', '-- --preload F'])(
    'BUN_OPTIONS with %s, which changes nothing either',
    async (option) => {
      expectSurvived(await pullWith({ BUN_OPTIONS: option.replace('F', preload) }));
      expect(existsSync(proof)).toBe(false);
    },
  );
  test('NODE_OPTIONS', async () => {
    expectSurvived(await pullWith({ NODE_OPTIONS: `--require ${preload}` }));
    expect(existsSync(proof)).toBe(false);
  });
  test('BUN_INSPECT_PRELOAD, alone or with BUN_OPTIONS', async () => {
    expectSurvived(await pullWith({ BUN_INSPECT_PRELOAD: preload }));
    expectSurvived(await pullWith({ BUN_INSPECT_PRELOAD: preload, BUN_OPTIONS: '--smol' }));
    expect(existsSync(proof)).toBe(false);
  });
});

describe('the executable stays what it is with', () => {
  const VARIABLES: readonly Environment[] = [
    { BUN_BE_BUN: '1' },
    { BUN_INSPECT: 'ws://127.0.0.1:0/x?break=1' },
    { BUN_INSPECT_CONNECT_TO: 'unix:///nonexistent/socket' },
  ];
  test.each(titled(VARIABLES))('%s', async (_, environment) => {
    expectSurvived(await pullWith(environment));
    expect(started('pullkey', environment, '--version').stdout).not.toContain(Bun.version);
  });
});

describe('the API server is verified by its own CA alone, whatever is said by', () => {
  const VARIABLES: readonly (readonly [string, () => Environment])[] = [
    ['NODE_TLS_REJECT_UNAUTHORIZED', () => ({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })],
    ['NODE_EXTRA_CA_CERTS', () => ({ NODE_EXTRA_CA_CERTS: node.certificateAuthority })],
    ['SSL_CERT_FILE', () => ({ SSL_CERT_FILE: node.certificateAuthority })],
    ['SSL_CERT_DIR', () => ({ SSL_CERT_DIR: node.root })],
    [
      'NODE_USE_SYSTEM_CA',
      () => ({ NODE_USE_SYSTEM_CA: '1', SSL_CERT_FILE: node.certificateAuthority }),
    ],
    [
      'BUN_OPTIONS',
      () => ({ BUN_OPTIONS: '--use-openssl-ca', SSL_CERT_FILE: node.certificateAuthority }),
    ],
  ];
  test.each(VARIABLES)('%s', async (_, environment) => {
    node.server.log.clear();
    const trial = await pullWith(environment(), '--certificate-authority', otherAuthority);
    expectRefused(trial, ['is not trusted', 'not signed by the certificate authority at hand']);
    expect(node.server.log.entries).toEqual([]);
  });
});

describe('nothing but the log is printed with', () => {
  const VARIABLES: readonly Environment[] = [
    { BUN_CONFIG_VERBOSE_FETCH: 'curl' },
    { BUN_CONFIG_VERBOSE_FETCH: '1' },
    { NODE_DEBUG: 'http,https,tls,net,fetch', DEBUG: '*' },
    { SSLKEYLOGFILE: '/dev/stderr' },
    { BUN_ENABLE_CRASH_REPORTING: '1', BUN_FEATURE_FLAG_VERBOSE_WARNINGS: '1' },
  ];
  // Every line of the log is parsed as JSON, so that any other would fail.
  test.each(titled(VARIABLES))('%s', async (_, environment) => {
    expectSurvived(await pullWith(environment));
  });
});

describe('certificates of others are not even read:', () => {
  const PLACES = ['/nonexistent/ca.crt', '/dev/zero', '/'];
  const NAMES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
  const VARIABLES = NAMES.flatMap((name) => PLACES.map((place) => ({ [name]: place })));
  // A warning of the runtime would be no line of the log, and /dev/zero has no end.
  test.each(titled(VARIABLES))('%s', async (_, environment) => {
    expectSurvived(await pullWith({ NODE_USE_SYSTEM_CA: '1', ...environment }));
  });
  test.each(NAMES)('%s, and a pipe that nobody writes to', async (name) => {
    const pipe = `${node.root}/${name}.fifo`;
    expect(Bun.spawnSync(['mkfifo', pipe]).exitCode).toBe(0);
    expectSurvived(await pullWith({ [name]: pipe }));
  });
});

describe('the plugin needs nothing of its environment', () => {
  const ENVIRONMENTS: readonly (readonly [string, Environment])[] = [
    ['nothing at all', {}],
    [
      'what a systemd service has: no HOME, no TERM',
      {
        LANG: 'C.UTF-8',
        PATH,
        INVOCATION_ID: '0123456789abcdef0123456789abcdef',
        JOURNAL_STREAM: '8:12345',
        SYSTEMD_EXEC_PID: '1',
      },
    ],
    [
      'a home that is not there',
      { HOME: '/nonexistent', TMPDIR: '/nonexistent', BUN_TMPDIR: '/x' },
    ],
  ];
  test.each(ENVIRONMENTS)('%s', async (_, environment) => {
    const options = { environment, workingDirectory: '/' };
    expectSurvived(await tryPull(node, NGINX, 'default', options));
    expect(Object.keys(node.auths(NGINX, 'default'))).toEqual(['localhost:5000']);
  });
});
