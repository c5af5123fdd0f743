import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { type Authority, createAuthority } from '../../../src/demo/certificates.ts';
import * as faults from '../../../src/demo/faults.ts';
import { auth, PLUGIN, requestText, TestNode } from '../../support/node.ts';
import { type RawApiServer, rawApiServer } from '../../support/raw-api-server.ts';
import { realProgram } from '../../support/real.ts';
import { expectNoSecrets, PASSWORD } from '../../support/secrecy.ts';
import { expectRefused, type Trial, tryOut, tryPull } from '../../support/trial.ts';

const NGINX = 'docker.io/library/nginx';
const SECRETS = '/api/v1/namespaces/default/secrets';
const DAY_MS = 24 * 60 * 60 * 1000;

let node: TestNode;
let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority('cluster');
  node = await TestNode.start({ authority });
  node.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD) });
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => rmSync(node.authDir, { recursive: true, force: true }));
afterEach(() => node.server.faults.clear());

function pull(...flags: string[]): Promise<Trial> {
  return tryPull(node, NGINX, 'default', { flags: ['--timeout', '10s', ...flags] });
}

describe('the certificate authority is refused that', () => {
  const REMEDY = "give --certificate-authority the cluster's CA";

  test('is missing', async () => {
    const path = `${node.root}/missing.crt`;
    const trial = await pull('--certificate-authority', path);
    expectRefused(trial, [path, 'does not exist', REMEDY]);
  });
  test('is no certificate', async () => {
    const path = `${node.root}/broken.crt`;
    writeFileSync(path, `-----BEGIN PRIVATE KEY-----\n${PASSWORD}\n`);
    const trial = await pull('--certificate-authority', path);
    expectRefused(trial, [path, 'holds no PEM certificate', REMEDY]);
  });
  test('is a damaged certificate', async () => {
    const path = `${node.root}/damaged.crt`;
    writeFileSync(path, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
    const trial = await pull('--certificate-authority', path);
    expectRefused(trial, ['cannot reach', 'an undamaged PEM file', REMEDY]);
  });
  test('is of another cluster', async () => {
    const path = `${node.root}/other.crt`;
    writeFileSync(path, (await createAuthority('cluster')).certificate);
    expectRefused(await pull('--certificate-authority', path), ['is not trusted', REMEDY]);
  });
});

describe('the API server’s certificate is refused that', () => {
  async function refuse(certificate: object, words: readonly string[]): Promise<void> {
    await using other = await TestNode.start({ authority, certificate });
    const trial = await tryOut(other, requestText({ image: NGINX, token: node.token('default') }));
    expectRefused(trial, [new URL(other.server.url).host, 'is not trusted', ...words]);
    expect(other.server.log.entries).toEqual([]);
  }

  test('has expired', () =>
    refuse({ notAfter: new Date(Date.now() - DAY_MS / 2) }, ['has expired; renew it']));
  test('is not valid yet', () =>
    refuse({ notBefore: new Date(Date.now() + DAY_MS / 2) }, ["check the node's clock"]));
  test('is for another host name', () =>
    refuse({ hosts: ['api.example.com'] }, ['another host name', 'give --api-server a name']));
});

describe('an API server is refused that', () => {
  test('is not there', async () => {
    const trial = await pull('--api-server', 'https://127.0.0.1:1', '--timeout', '3s');
    expectRefused(trial, [
      'cannot reach',
      '"127.0.0.1:1"',
      'connection refused (ECONNREFUSED); check',
      '3 s of --timeout',
    ]);
  });
  test('has a name that nobody knows', async () => {
    const trial = await pull('--api-server', 'https://api.invalid:6443');
    expectRefused(trial, ['cannot reach', '"api.invalid:6443"', 'check that it runs']);
  });
  test('would get the token unencrypted', async () => {
    const trial = await pull('--api-server', 'http://127.0.0.1:8080');
    expectRefused(trial, ['"http://127.0.0.1:8080"', 'give --api-server https://HOST:PORT']);
  });

  test('does not accept the token, with the token’s audience', async () => {
    const token = node.server.issueToken({
      namespace: 'default',
      serviceAccount: 'default',
      audiences: ['https://elsewhere.example'],
    });
    expectRefused(await tryOut(node, requestText({ image: NGINX, token })), [
      `"${SECRETS}" with 401`,
      '(aud) is "https://elsewhere.example"',
      'serviceAccountTokenAudience',
      'pullkey render rbac --nodes --audience',
    ]);
  });
  test('forbids to read Secrets, with the Role that is missing', async () => {
    node.server.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'closed' } });
    const trial = await tryPull(node, NGINX, 'closed');
    expectRefused(trial, [
      'with 403',
      'give the service account "default" a Role in namespace "closed"',
      'pullkey render rbac --namespace closed --service-account default',
    ]);
  });

  const ANSWERS: readonly (readonly [string, faults.Fault, readonly string[]])[] = [
    ['answers with 404', faults.status(404), [SECRETS, 'with 404', 'check that --api-server']],
    ['answers with 400', faults.status(400), [SECRETS, 'with 400', 'check that --api-server']],
    ['answers with a web page', faults.garbage, [SECRETS, 'than a JSON object', '--api-server']],
    ['answers with nothing', faults.body(''), [SECRETS, 'than a JSON object', '--api-server']],
    [
      'answers with another kind',
      faults.wrongKind,
      [SECRETS, 'is answered with a "Banana", not a SecretList', '--api-server'],
    ],
    [
      'answers with a list of something else',
      faults.body('{"kind":"SecretList","items":[7]}'),
      [SECRETS, 'an item that is no Secret', '--api-server'],
    ],
    [
      'answers with 200,000 brackets',
      faults.body('['.repeat(200_000)),
      [SECRETS, 'than a JSON object', '--api-server'],
    ],
    [
      'answers with a message that would forge a line',
      faults.body(JSON.stringify({ message: `a\nWrote auth file\u2028b\u001b[2K` }), {
        status: 403,
      }),
      ['with 403', '"a\\nWrote auth file\\u2028b\\u001b[2K"'],
    ],
  ];
  test.each(ANSWERS)('%s', async (_, fault, words) => {
    node.server.faults.always(fault);
    expectRefused(await pull(), words);
  });

  test('sends the token elsewhere', async () => {
    await using other = await TestNode.start({ authority });
    for (const code of [301, 302, 307, 308]) {
      node.server.faults.next(faults.redirect(`${other.server.url}/elsewhere`, code));
      expectRefused(await pull(), [
        `with ${code}, a redirect to "${other.server.url}"`,
        'give --api-server the server itself',
      ]);
    }
    expect(other.server.log.entries).toEqual([]);
  });
});

// Without a proxy in its environment the plugin speaks HTTP itself, with one the runtime does.
const EXCHANGES = [
  {
    how: 'over a connection of its own',
    variables: {},
    ended: 'connection closed (ConnectionClosed)',
    endless: 'it is more interim answers, chunks or trailers than content',
    tiny: 'it is more interim answers, chunks or trailers than content',
    linesOfRuntime: 0,
  },
  {
    how: 'by the runtime’s fetch',
    variables: { HTTPS_PROXY: 'http://127.0.0.1:1' },
    ended: 'connection reset (ECONNRESET)',
    endless: 'did not answer within the 2 s of --timeout',
    tiny: 'more than 64 MiB',
    linesOfRuntime: 1,
  },
] as const;

describe.each(EXCHANGES)('asked $how, an API server is refused that', (exchange) => {
  const OK = 'HTTP/1.1 200 OK\r\n';
  const NO_HTTP = ['does not answer by HTTP/1.1', 'check that --api-server names'];
  const environment = { PATH: '/usr/bin:/bin', ...exchange.variables };

  function ask(server: RawApiServer, timeout = '20s'): Promise<Trial> {
    const flags = [...server.flags, '--timeout', timeout];
    return tryPull(node, NGINX, 'default', { flags, environment });
  }

  const ANSWERS: readonly (readonly [string, string])[] = [
    ['speaks no HTTP', '{"kind":"SecretList"}'],
    ['speaks HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['has a header that is none', `${OK}Banana\r\n\r\n`],
    ['has a NUL in a header', `${OK}X: a\0b\r\n\r\n`],
    ['has control characters in its status', 'HTTP/1.1 403 \u001b[2J\nx\r\n\r\n'],
    ['has 20,000 headers', `${OK}${'X: y\r\n'.repeat(20_000)}\r\n`],
    ['has a length below zero', `${OK}Content-Length: -1\r\n\r\n{}`],
    ['has a length with a sign', `${OK}Content-Length: +2\r\n\r\n{}`],
    ['has two lengths', `${OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    ['has a chunk that is none', `${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n`],
    ['changes the protocol', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'],
  ];
  test.each(ANSWERS)('answers so that it %s', async (_, answer) => {
    using server = await rawApiServer(node, answer);
    expectRefused(await ask(server), [`"127.0.0.1:${server.port}"`, ...NO_HTTP]);
  });

  test('answers what is said to be compressed and is not', async () => {
    const answer = `${OK}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}`;
    using server = await rawApiServer(node, answer);
    const result = await node.pull(NGINX, 'default', { flags: server.flags, environment });
    expectNoSecrets(result);
    const { exitCode, stdout, stderr } = result;
    expect([exitCode, stdout, node.authFiles()]).toEqual([1, '', []]);
    const ofRuntime = stderr.match(/^Decompression error: .*$/gm) ?? [];
    expect(ofRuntime).toHaveLength(exchange.linesOfRuntime);
    for (const word of NO_HTTP) expect(stderr.trimEnd().split('\n').at(-1)).toContain(word);
  });

  const ENDLESS: readonly (readonly [string, string, string])[] = [
    ['says 100 Continue for ever', '', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000)],
    [
      'gives trailers for ever',
      `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n`,
      'X: y\r\n'.repeat(1000),
    ],
  ];
  test.each(ENDLESS)('%s', async (_, start, more) => {
    using server = await rawApiServer(node, start, more);
    expectRefused(await ask(server, '2s'), [exchange.endless]);
  });

  test.each([
    ['before its end', `${OK}Content-Length: 100\r\n\r\n{}`],
    ['before it begins', ''],
  ])('ends its answer %s, each time', async (_, answer) => {
    using server = await rawApiServer(node, answer);
    const words = ['cannot reach', exchange.ended, 'until the end of the 3 s of --timeout'];
    expectRefused(await ask(server, '3s'), words);
  });

  realProgram('time').test('sends chunks of one byte for ever, in little memory', async () => {
    const chunks = '1\r\n \r\n'.repeat(10_000);
    const start = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
    using server = await rawApiServer(node, start, chunks);
    const command = ['/usr/bin/time', '-f', '%M', PLUGIN];
    const flags = [...server.flags, '--timeout', '50s', '--log-level', 'error'];
    const { stderr } = await node.pull(NGINX, 'default', { command, flags, environment });
    expect(stderr).toContain(exchange.tiny);
    const kilobytes = Number(stderr.trimEnd().split('\n').at(-1));
    expect(kilobytes).toBeLessThan(256 * 1024);
  });
});
