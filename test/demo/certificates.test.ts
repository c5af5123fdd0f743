import { beforeAll, describe, expect, test } from 'bun:test';
import {
  type Authority,
  type CertificateRequest,
  createAuthority,
} from '../../src/demo/certificates.ts';

const HOUR_MS = 3_600_000;
let authority: Authority;
let other: Authority;

beforeAll(async () => {
  authority = await createAuthority('ours');
  other = await createAuthority('ours');
});

/** Serves with a certificate, asks once, and gives the client's error code, or `trusted`. */
async function ask(
  request: CertificateRequest,
  { trust = authority, host = '127.0.0.1' } = {},
): Promise<string> {
  const { certificate, key } = await authority.issue(request);
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    tls: { cert: certificate, key },
    fetch: () => new Response('trusted'),
  });
  try {
    const tls = { ca: trust.certificate, rejectUnauthorized: true };
    const response = await fetch(`https://${host}:${server.port}/`, { tls, keepalive: false });
    return await response.text();
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    await server.stop(true);
  }
}

describe('a throw-away certificate', () => {
  test('is trusted on the loopback address', async () => {
    expect(await ask({})).toBe('trusted');
  });
  test('is trusted as localhost', async () => {
    expect(await ask({}, { host: 'localhost' })).toBe('trusted');
  });
  test('is not trusted by whoever trusts another authority of the same name', async () => {
    expect(await ask({}, { trust: other })).not.toBe('trusted');
  });
  test('can be for another host', async () => {
    expect(await ask({ hosts: ['elsewhere.example'] })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });
  test('can have expired', async () => {
    const past = {
      notBefore: new Date(Date.now() - 2 * HOUR_MS),
      notAfter: new Date(Date.now() - HOUR_MS),
    };
    expect(await ask(past)).toBe('CERT_HAS_EXPIRED');
  });
  test('can begin in the future', async () => {
    expect(await ask({ notBefore: new Date(Date.now() + HOUR_MS) })).toBe('CERT_NOT_YET_VALID');
  });
});
