import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { createAuthority } from '../../../src/demo/certificates.ts';
import { type ConnectProxy, startConnectProxy } from '../../support/connect-proxy.ts';
import { auth, TestNode } from '../../support/node.ts';
import { PASSWORD } from '../../support/secrecy.ts';
import { expectRefused, expectSurvived, type Trial, tryPull } from '../../support/trial.ts';

const NGINX = 'docker.io/library/nginx';
const FAR = 'api.cluster.example';
const PATH = '/usr/bin:/bin';
const NAMES = ['HTTPS_PROXY', 'https_proxy'] as const;

let node: TestNode;
let proxy: ConnectProxy;
let port: string;
beforeAll(async () => {
  node = await startNode('127.0.0.1');
  ({ port } = new URL(node.server.url));
  proxy = startConnectProxy(Number(port));
});
afterAll(async () => {
  proxy[Symbol.dispose]();
  await node[Symbol.asyncDispose]();
});
beforeEach(() => {
  proxy.asked.length = 0;
  rmSync(node.authDir, { recursive: true, force: true });
});

async function startNode(host: string): Promise<TestNode> {
  const certificate = { hosts: [FAR, 'localhost', '127.0.0.1', '127.0.0.2', '::1'] };
  const started = await TestNode.start({
    host,
    certificate,
    authority: await createAuthority('c'),
  });
  started.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD) });
  return started;
}

function pull(
  apiServer: string,
  environment: Readonly<Record<string, string>>,
  on: TestNode = node,
): Promise<Trial> {
  const flags = ['--api-server', apiServer, '--timeout', '3s'];
  return tryPull(on, NGINX, 'default', { environment: { PATH, ...environment }, flags });
}

function proxyUrl(): string {
  return `http://127.0.0.1:${proxy.port}`;
}

describe('a server elsewhere is reached through', () => {
  test.each(NAMES)('%s', async (name) => {
    expectSurvived(await pull(`https://${FAR}:6443`, { [name]: proxyUrl() }));
    expect(proxy.asked).toEqual([`CONNECT ${FAR}:6443 HTTP/1.1`]);
    expect(Object.keys(node.auths(NGINX, 'default'))).toEqual(['localhost:5000']);
  });
  test('HTTPS_PROXY with a password, which is not told', async () => {
    const environment = { HTTPS_PROXY: proxyUrl().replace('//', `//user:${PASSWORD}@`) };
    expectSurvived(await pull(`https://${FAR}:6443`, environment));
    expect(proxy.asked).toHaveLength(1);
  });
  test('HTTPS_PROXY beside a NO_PROXY for others', async () => {
    const environment = { HTTPS_PROXY: proxyUrl(), NO_PROXY: '.svc,10.0.0.0/8,other.example' };
    expectSurvived(await pull(`https://${FAR}:6443`, environment));
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('a server elsewhere is reached without proxy where it is exempt by', () => {
  const EXEMPTIONS: readonly (readonly [string, string])[] = [
    ['NO_PROXY', FAR],
    ['no_proxy', FAR],
    ['NO_PROXY', '.cluster.example'],
    ['no_proxy', 'a.example, .cluster.example'],
    ['NO_PROXY', '*'],
  ];
  // Its name is nobody's, so that a direct connection fails.
  test.each(EXEMPTIONS)('%s=%s', async (name, value) => {
    const environment = { HTTPS_PROXY: proxyUrl(), [name]: value };
    expectRefused(await pull(`https://${FAR}:6443`, environment), ['cannot reach', FAR]);
    expect(proxy.asked).toEqual([]);
  });
});

describe('no proxy is used', () => {
  // The kubelet, a Go program, knows none of these for https.
  test.each(['ALL_PROXY', 'all_proxy', 'HTTP_PROXY', 'http_proxy'])('by %s', async (name) => {
    const trial = await pull(`https://${FAR}:6443`, { [name]: proxyUrl() });
    expectRefused(trial, ['cannot reach', FAR]);
    expect(proxy.asked).toEqual([]);
  });
  test('by ALL_PROXY of a kind that the runtime does not know', async () => {
    expectSurvived(await pull(`https://127.0.0.1:${port}`, { ALL_PROXY: 'socks5://127.0.0.1:1' }));
  });
});

describe('loopback is never reached through a proxy, written as', () => {
  const SETTINGS: readonly Readonly<Record<string, string>>[] = [
    {},
    { no_proxy: 'other.example' },
    { NO_PROXY: 'other.example', no_proxy: 'another.example' },
    { NO_PROXY: '' },
  ];

  async function expectDirect(on: TestNode, host: string): Promise<void> {
    const url = `https://${host}:${new URL(on.server.url).port}`;
    for (const name of NAMES) {
      for (const setting of SETTINGS) {
        rmSync(on.authDir, { recursive: true, force: true });
        expectSurvived(await pull(url, { [name]: proxyUrl(), ...setting }, on));
      }
    }
    expect(proxy.asked).toEqual([]);
  }

  test.each(['localhost', 'LOCALHOST', '127.0.0.1'])('%s', (host) => expectDirect(node, host));
  test.each(['127.0.0.2', '127.2', '2130706434'])('%s', async (host) => {
    await using other = await startNode('127.0.0.2');
    await expectDirect(other, host);
  });
  test.skipIf(!hasIpv6())('[::1]', async () => {
    await using other = await startNode('::1');
    await expectDirect(other, '[::1]');
    await expectDirect(other, '[0:0:0:0:0:0:0:1]');
  });
});

describe('a proxy is refused that', () => {
  const REACH = ['cannot reach the API server', FAR];

  test('is not there', async () => {
    expectRefused(await pull(`https://${FAR}:6443`, { HTTPS_PROXY: 'http://127.0.0.1:1' }), REACH);
  });
  test('opens no tunnel', async () => {
    using closed = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: () => new Response('', { status: 403 }),
    });
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${closed.port}` };
    const trial = await pull(`https://${FAR}:6443`, environment);
    expectRefused(trial, [...REACH, "the proxy of the kubelet's HTTPS_PROXY", 'NO_PROXY']);
  });
  test('never answers', async () => {
    using silent = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: { data: () => undefined },
    });
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${silent.port}` };
    expectRefused(await pull(`https://${FAR}:6443`, environment), ['within the 3 s of --timeout']);
  });
  test('leads to a server with another certificate', async () => {
    const environment = { HTTPS_PROXY: proxyUrl() };
    const trial = await pull('https://bank.example:6443', environment);
    expectRefused(trial, ['"bank.example:6443" is not trusted', 'another host name']);
  });
});

function hasIpv6(): boolean {
  try {
    Bun.listen({ hostname: '::1', port: 0, socket: { data: () => undefined } }).stop();
    return true;
  } catch {
    return false;
  }
}
