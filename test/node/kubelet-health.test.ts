import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { createAuthority } from '../../src/demo/certificates.ts';
import {
  type ClientIdentity,
  type HealthCheck,
  runsWith,
  waitForKubelet,
} from '../../src/node/kubelet-health.ts';
import { KubeletStandIn } from '../support/kubelet.ts';

const HASH = `sha256:${'a'.repeat(64)}`;

describe('a kubelet whose metrics not everybody may read', () => {
  const asked: string[] = [];
  const identities: Record<'node' | 'administrator' | 'stranger', ClientIdentity> = {
    node: { certificate: '', key: '' },
    administrator: { certificate: '', key: '' },
    stranger: { certificate: '', key: '' },
  };
  let server: Server;
  let metricsUrl = '';
  const kubelet = new KubeletStandIn();

  beforeAll(async () => {
    const authority = await createAuthority('cluster');
    const own = await authority.issue();
    for (const [name, identity] of Object.entries(identities))
      Object.assign(identity, await authority.issue({ hosts: [name] }));
    const tls = { cert: own.certificate, key: own.key, ca: authority.certificate };
    server = createServer({ ...tls, requestCert: true, rejectUnauthorized: false }, answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    metricsUrl = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/metrics`;
  });

  afterAll(() => {
    kubelet[Symbol.dispose]();
    server.close();
  });

  /** Answers an administrator alone, and keeps connections open as a kubelet does. */
  function answer(socket: TLSSocket): void {
    socket.on('error', () => undefined);
    socket.on('data', () => {
      const name = socket.getPeerCertificate().subject?.CN ?? 'nobody';
      asked.push(String(name));
      const body =
        name === 'administrator'
          ? `kubelet_credential_provider_config_info{hash="${HASH}"} 1\n`
          : 'Forbidden\n';
      const status = name === 'administrator' ? '200 OK' : '403 Forbidden';
      socket.write(`HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
  }

  function check(...names: readonly (keyof typeof identities)[]): HealthCheck {
    return {
      healthzUrl: `${kubelet.url}/healthz`,
      metricsUrl,
      timeoutMs: 0,
      identities: names.map((name) => identities[name]),
    };
  }

  test('is asked as one after the other, until it answers', async () => {
    asked.length = 0;
    const all = check('node', 'administrator', 'stranger');
    expect(await waitForKubelet(all, HASH)).toBe('same');
    expect(asked).toEqual(['node', 'administrator']);
    expect(await runsWith(all, HASH)).toBe(true);
    expect(await runsWith(all, 'sha256:other')).toBe(false);
  });

  test('is believed where it answers nobody, and asked as nobody where there is no one', async () => {
    expect(await waitForKubelet(check('node', 'stranger'), HASH)).toBe('unknown');
    asked.length = 0;
    expect(await waitForKubelet(check(), HASH)).toBe('unknown');
    expect(asked).toEqual(['nobody']);
  });

  test('is not asked at all where no hash is expected', async () => {
    asked.length = 0;
    expect(await waitForKubelet(check('administrator'), undefined)).toBe('unknown');
    expect(asked).toEqual([]);
  });
});

test('a healthy kubelet without metrics is believed once there was time for them', async () => {
  using kubelet = new KubeletStandIn();
  const health = { ...kubelet.restarting(0).health, metricsUrl: 'http://127.0.0.1:1/metrics' };
  expect(await waitForKubelet(health, HASH)).toBe('unknown');
});

test('a kubelet that is healthy, but another than the one that was restarted, is waited for', async () => {
  using kubelet = new KubeletStandIn();
  kubelet.hash = 'sha256:old';
  const { health } = kubelet.restarting(30_000);
  const answer = waitForKubelet(health, HASH);
  await Bun.sleep(10);
  kubelet.hash = HASH;
  expect(await answer).toBe('same');
});
