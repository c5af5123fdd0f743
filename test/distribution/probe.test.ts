import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { type Authority, createAuthority } from '../../src/demo/certificates.ts';
import * as faults from '../../src/demo/faults.ts';
import { htpasswdFor } from '../../src/demo/htpasswd.ts';
import { Registry } from '../../src/demo/registry.ts';
import type { RegistryClientOptions } from '../../src/distribution/client.ts';
import { probe } from '../../src/distribution/probe.ts';

let authority: Authority;
let basic: Registry;
let bearer: Registry;
let secure: Registry;

beforeAll(async () => {
  authority = await createAuthority('registries');
  const htpasswd = await htpasswdFor({ myuser: 'right', limited: 'right' });
  const rights = { limited: ['other'] };
  basic = Registry.start({ htpasswd, rights });
  bearer = Registry.start({ htpasswd, rights, authentication: 'bearer' });
  secure = Registry.start({ certificate: await authority.issue() });
  for (const registry of [basic, bearer, secure]) registry.seedImage('team/app', 'v1');
});
afterAll(() => Promise.all([basic.stop(), bearer.stop(), secure.stop()]));
afterEach(() => basic.faults.clear());

async function ask(
  { host }: Registry,
  options: Partial<RegistryClientOptions> = {},
  reference = 'v1',
): Promise<string> {
  const { result, text } = await probe({ host, insecure: true, ...options }, 'team/app', reference);
  return `${result}: ${text}`;
}

const right = { credential: { username: 'myuser', password: 'right' } };
const wrong = { credential: { username: 'myuser', password: 'wrong' } };
const limited = { credential: { username: 'limited', password: 'right' } };

describe('a probe tells', () => {
  test.each<[string, () => Registry]>([
    ['basic authentication', () => basic],
    ['bearer tokens', () => bearer],
  ])('by %s: a good password, a wrong one, and none', async (_, registry) => {
    expect(await ask(registry(), right)).toBe('found: 200: the image is there');
    expect(await ask(registry(), wrong)).toBe('wrong-password: 401: user or password is wrong');
    expect(await ask(registry())).toBe('credential-needed: 401: asks for a credential');
  });

  test('that a credential has no right to the repository, also where that is a 401', async () => {
    const words = 'the credential has no right to this repository';
    expect(await ask(basic, limited)).toBe(`no-right: 403: ${words}`);
    expect(await ask(bearer, limited)).toBe(`no-right: 401: ${words}`);
  });

  test('that an image is not there', async () => {
    expect(await ask(basic, right, 'v2')).toBe('not-found: 404: there is no such image or tag');
  });

  test('a certificate that is not trusted, and one that is', async () => {
    const verified = { insecure: false, credential: undefined };
    const { certificate: certificateAuthority } = authority;
    expect(await ask(secure, verified)).toStartWith('tls: TLS error (the certificate is signed by');
    expect(await ask(secure, { ...verified, certificateAuthority })).toStartWith('found: ');
  });

  test('a registry without TLS that is not said to be insecure', async () => {
    expect(await ask(basic, { insecure: false })).toStartWith('tls: TLS error (');
  });

  test('a registry that is not there', async () => {
    expect(await ask(basic, { host: 'upstream.invalid' })).toBe(
      'unreachable: unreachable (no such host)',
    );
  });

  test.each<[faults.Fault, string]>([
    [faults.status(429), 'rate-limited: 429: too many requests; try again later'],
    [faults.status(503), 'server: 503: an error of the registry (unexpected status 503)'],
    [faults.redirect('file:///x'), 'invalid: an answer that no registry gives (a redirect'],
  ])('an unusual answer, %#', async (fault, expected) => {
    basic.faults.always(fault, /manifests/);
    expect(await ask(basic, right)).toStartWith(expected);
  });

  test('that no answer came in time', async () => {
    basic.faults.always(faults.slow(600_000));
    expect(await ask(basic, { timeoutMs: 300 })).toBe('timeout: no answer in time');
  });
});
