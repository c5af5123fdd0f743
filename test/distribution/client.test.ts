import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { type Authority, createAuthority } from '../../src/demo/certificates.ts';
import * as faults from '../../src/demo/faults.ts';
import { htpasswdFor } from '../../src/demo/htpasswd.ts';
import { Registry } from '../../src/demo/registry.ts';
import { RegistryClient, type RegistryClientOptions } from '../../src/distribution/client.ts';
import { outcome } from '../support/registry-outcome.ts';

const GOOD = { username: 'myuser', password: 'my:password' };
const WRONG = { username: 'myuser', password: 'wrong' };

let authority: Authority;
let htpasswd: string;
let open: Registry;
let basic: Registry;
let bearer: Registry;

beforeAll(async () => {
  authority = await createAuthority('registries');
  htpasswd = await htpasswdFor({ myuser: GOOD.password, limited: 'x' });
  const certificate = await authority.issue();
  const rights = { limited: ['other'] };
  open = Registry.start();
  basic = Registry.start({ htpasswd, rights, certificate });
  bearer = Registry.start({ htpasswd, rights, certificate, authentication: 'bearer' });
  for (const registry of [open, basic, bearer]) registry.seedImage('team/app', 'v1');
});
afterAll(() => Promise.all([open.stop(), basic.stop(), bearer.stop()]));
afterEach(() => {
  for (const registry of [open, basic, bearer]) {
    registry.faults.clear();
    registry.log.clear();
  }
});

function client(registry: Registry, options: Partial<RegistryClientOptions> = {}): RegistryClient {
  const { certificate: certificateAuthority } = authority;
  return new RegistryClient({ host: registry.host, certificateAuthority, ...options });
}

/** `pulled`, or reason and summary of the failure. */
async function head(
  registry: Registry,
  options: Partial<RegistryClientOptions> = {},
): Promise<string> {
  return outcome(client(registry, options).headManifest('team/app', 'v1'));
}

const REFUSED = 'unauthorized: unauthorized: authentication required';
const DENIED = 'denied: denied: requested access to the resource is denied';

describe('credentials', () => {
  const byBasic: [string, Partial<RegistryClientOptions>, string][] = [
    ['a good one', { credential: GOOD }, 'pulled'],
    ['a wrong one', { credential: WRONG }, REFUSED],
    ['none', {}, REFUSED],
    ['an identity token, which Basic cannot use', { credential: { identityToken: 'x' } }, REFUSED],
    ['one without the right', { credential: { username: 'limited', password: 'x' } }, DENIED],
  ];
  test.each(byBasic)('by Basic: %s', async (_, options, expected) => {
    expect(await head(basic, options)).toBe(expected);
  });

  const byBearer: [string, Partial<RegistryClientOptions>, string][] = [
    ['a good one', { credential: GOOD }, 'pulled'],
    ['a wrong one', { credential: WRONG }, REFUSED],
    ['none', {}, REFUSED],
    ['one without the right', { credential: { username: 'limited', password: 'x' } }, REFUSED],
    ['an unknown identity token', { credential: { identityToken: 'x' } }, REFUSED],
  ];
  test.each(byBearer)('by bearer token: %s', async (_, options, expected) => {
    expect(await head(bearer, options)).toBe(expected);
  });

  test('by bearer token: an identity token is traded in', async () => {
    const identityToken = bearer.issueIdentityToken('myuser');
    expect(await head(bearer, { credential: { identityToken } })).toBe('pulled');
  });

  test('one bearer token serves all requests for a repository', async () => {
    const asking = client(bearer, { credential: GOOD });
    await asking.headManifest('team/app', 'v1');
    await asking.manifest('team/app', 'v1');
    const tokens = bearer.log.entries.filter(({ path }) => path.startsWith('/token'));
    expect(tokens).toHaveLength(1);
  });

  test('the registry’s words are kept from a body', async () => {
    expect(await outcome(client(basic).manifest('team/app', 'v1'))).toBe(REFUSED);
  });

  test('neither password nor token is in an error', async () => {
    const asking = client(basic, { credential: WRONG });
    const error: unknown = await asking.manifest('team/app', 'v1').catch((one: unknown) => one);
    const text = `${error} ${JSON.stringify(error)} ${Bun.inspect(error)}`;
    expect(text).toContain('authentication required');
    expect(text).not.toContain(WRONG.password);
    expect(text).not.toContain(Buffer.from('myuser:wrong').toString('base64'));
  });
});

describe('content', () => {
  const asking = (): RegistryClient => client(basic, { credential: GOOD });

  test('is a manifest by tag or digest', async () => {
    const byTag = await asking().manifest('team/app', 'v1');
    expect(byTag.mediaType).toBe('application/vnd.oci.image.manifest.v1+json');
    expect(await asking().manifest('team/app', byTag.digest)).toEqual(byTag);
    expect((await asking().headManifest('team/app', 'v1')).digest).toBe(byTag.digest);
  });

  test('that does not exist is not found', async () => {
    expect(await outcome(asking().manifest('team/app', 'v2'))).toBe(
      'not-found: manifest unknown: manifest unknown',
    );
    expect(await outcome(asking().headManifest('team/app', 'v2'))).toBe('not-found: not found');
  });

  const digest = `sha256:${'a'.repeat(64)}`;

  test('is refused where a manifest does not have its digest', async () => {
    open.faults.next(faults.body('{}'), /manifests/);
    const work = client(open, { insecure: true }).manifest('team/app', digest);
    expect(await outcome(work)).toBe(`invalid: the content does not have the digest ${digest}`);
  });

  test('is refused where a blob does not have its digest, or not its size', async () => {
    const content = client(open, { insecure: true });
    const wrong = `invalid: the content does not have the digest ${digest}`;
    open.faults.next(
      [1, 2, 3].map(() => faults.body('1234')),
      /blobs/,
    );
    expect(await outcome(content.blob('team/app', { digest, size: 4 }))).toBe(wrong);
    expect(await outcome(content.checkBlob('team/app', { digest, size: 4 }))).toBe(wrong);
    expect(await outcome(content.blob('team/app', { digest, size: 3 }))).toBe(
      'invalid: more than 3 bytes',
    );
  });

  const names: [string, string][] = [
    ['../../etc', 'v1'],
    ['Team/App', 'v1'],
    ['team//app', 'v1'],
    ['team/app', 'v1/../x'],
    ['team/app', 'sha256:abc'],
  ];
  test.each(names)('%s:%s is never asked for', async (repository, reference) => {
    const refused = await asking().manifest(repository, reference).catch(String);
    expect(refused).toMatch(/is no repository|is neither a tag nor a digest/);
    expect(basic.log.entries).toEqual([]);
  });

  test.each(['', 'a/b', 'user@host', 'host:port', 'a b', 'host:1?x'])(
    '%p is no registry',
    (host) => {
      expect(() => new RegistryClient({ host })).toThrow('is no registry');
    },
  );
});

describe('a secure registry', () => {
  test('must have a trusted certificate', async () => {
    const other = await createAuthority('registries');
    expect(await head(basic, { certificateAuthority: other.certificate })).toStartWith('tls: ');
  });

  test('must have a certificate that has not expired', async () => {
    const past = { notBefore: new Date(0), notAfter: new Date(1_000_000) };
    await using expired = Registry.start({ certificate: await authority.issue(past) });
    expect(await head(expired)).toBe('tls: the certificate has expired');
  });

  test('must speak TLS', async () => {
    expect(await head(open)).toBe('tls: the server does not speak TLS');
    expect(open.log.entries).toEqual([]);
  });
});

describe('an insecure registry', () => {
  test('may have any certificate', async () => {
    const { certificate } = await createAuthority('someone');
    const options = { insecure: true, certificateAuthority: certificate, credential: GOOD };
    expect(await head(basic, options)).toBe('pulled');
  });

  test('may speak plain HTTP', async () => {
    expect(await head(open, { insecure: true })).toBe('pulled');
    expect(await client(open, { insecure: true }).ping()).toEqual(new URL(`${open.url}/v2/`));
  });
});
