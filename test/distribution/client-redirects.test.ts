import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { createAuthority } from '../../src/demo/certificates.ts';
import * as faults from '../../src/demo/faults.ts';
import { htpasswdFor } from '../../src/demo/htpasswd.ts';
import { Registry } from '../../src/demo/registry.ts';
import { RegistryClient } from '../../src/distribution/client.ts';
import { outcome } from '../support/registry-outcome.ts';

const credential = { username: 'myuser', password: 'mypassword' };
let certificateAuthority: string;
let plain: Registry;
let secure: Registry;

beforeAll(async () => {
  const authority = await createAuthority('registries');
  certificateAuthority = authority.certificate;
  const htpasswd = await htpasswdFor({ myuser: 'mypassword' });
  plain = Registry.start({ htpasswd });
  plain.seedImage('team/app', 'v1');
  secure = Registry.start({ htpasswd, certificate: await authority.issue() });
});
afterAll(() => Promise.all([plain.stop(), secure.stop()]));
afterEach(() => {
  plain.faults.clear();
  secure.faults.clear();
});

function client(registry: Registry): RegistryClient {
  const insecure = registry === plain;
  return new RegistryClient({ host: registry.host, insecure, credential, certificateAuthority });
}

describe('a redirect', () => {
  /** A server that notes what it is shown. */
  function witness(): { url: string; seen: (string | null)[]; stop: () => Promise<void> } {
    const seen: (string | null)[] = [];
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch(request) {
        seen.push(request.headers.get('authorization'));
        return new Response('elsewhere');
      },
    });
    return { url: `http://127.0.0.1:${server.port}/blob`, seen, stop: () => server.stop(true) };
  }

  const content = { digest: `sha256:${Bun.SHA256.hash('elsewhere', 'hex')}`, size: 9 };

  test('to another host is followed without the credential', async () => {
    const other = witness();
    plain.faults.next(faults.redirect(other.url), /blobs/);
    const asking = client(plain);
    expect(Buffer.from(await asking.blob('team/app', content)).toString()).toBe('elsewhere');
    expect(other.seen).toEqual([null]);
    await other.stop();
  });

  test('to the same host keeps the credential', async () => {
    plain.faults.next(faults.redirect('/v2/team/app/manifests/v1'), /manifests\/old/);
    const asking = client(plain);
    expect((await asking.manifest('team/app', 'old')).bytes.length).toBeGreaterThan(0);
  });

  test('from HTTPS to plain HTTP is refused', async () => {
    const other = witness();
    secure.faults.next(faults.redirect(other.url), /blobs/);
    const asking = client(secure);
    expect(await outcome(asking.blob('team/app', content))).toBe(
      'invalid: a redirect from https to http',
    );
    expect(other.seen).toEqual([]);
    await other.stop();
  });

  test('a token service in plain HTTP gets no credential of an HTTPS registry', async () => {
    const other = witness();
    const challenge = { 'WWW-Authenticate': `Bearer realm="${other.url}",service="x"` };
    secure.faults.next(faults.body('', { status: 401, headers: challenge }));
    expect(await outcome(client(secure).headManifest('team/app', 'v1'))).toBe(
      'invalid: the bearer challenge names no usable realm',
    );
    expect(other.seen).toEqual([]);
    await other.stop();
  });
});
