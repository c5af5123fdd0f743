import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { type Authority, createAuthority } from '../../src/demo/certificates.ts';
import * as faults from '../../src/demo/faults.ts';
import { htpasswdFor } from '../../src/demo/htpasswd.ts';
import { Registry } from '../../src/demo/registry.ts';
import { RegistryClient, type RegistryClientOptions } from '../../src/distribution/client.ts';
import { RegistryError } from '../../src/distribution/registry-error.ts';

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

async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'pulled';
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return `${error.reason}: ${error.summary}`;
  }
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

describe('what goes wrong on the way', () => {
  const asking = (options: Partial<RegistryClientOptions> = {}): Promise<string> =>
    head(open, { insecure: true, ...options });

  test('no such host, said at once for a name that is reserved', async () => {
    const nowhere = new RegistryClient({ host: 'upstream.invalid' });
    expect(await outcome(nowhere.ping())).toBe('unreachable: no such host');
  });

  test('a refused connection', async () => {
    const closed = Registry.start();
    await closed.stop();
    expect(await head(closed, { insecure: true })).toBe('unreachable: connection refused');
  });

  const answers: [string, faults.Fault, string][] = [
    ['a reset connection', faults.reset, 'unreachable: connection reset'],
    ['too many requests', faults.status(429), 'rate-limited: toomanyrequests: too many requests'],
    ['an error of the server', faults.status(500), 'server: unexpected status 500'],
    [
      'an endless circle',
      faults.redirect('/v2/team/app/manifests/v1'),
      'invalid: too many redirects',
    ],
    [
      'a redirect to a file',
      faults.redirect('file:///etc/passwd'),
      'invalid: a redirect that leads nowhere',
    ],
  ];
  test.each(answers)('%s', async (_, fault, expected) => {
    open.faults.always(fault, /manifests/);
    const work = client(open, { insecure: true }).manifest('team/app', 'v1');
    expect(await outcome(work)).toBe(expected);
  });

  test('an answer that comes too late', async () => {
    open.faults.always(faults.slow(600_000), /manifests/);
    expect(await asking({ timeoutMs: 300 })).toBe('timeout: no answer in time');
  });

  test('a body that comes too late', async () => {
    open.faults.always(faults.stalled, /manifests/);
    const work = client(open, { insecure: true, timeoutMs: 300 }).manifest('team/app', 'v1');
    expect(await outcome(work)).toBe('timeout: no answer in time');
  });

  test('a caller who gives up', async () => {
    open.faults.always(faults.slow(600_000), /manifests/);
    const giveUp = new AbortController();
    const work = asking({ signal: giveUp.signal });
    setTimeout(() => giveUp.abort(), 50);
    expect(await work).toBe('timeout: no answer in time');
  });

  test('a manifest that never ends', async () => {
    open.faults.always(faults.endless, /manifests/);
    const work = client(open, { insecure: true }).manifest('team/app', 'v1');
    expect(await outcome(work)).toBe('invalid: more than 4194304 bytes');
  });

  test('half a manifest', async () => {
    open.faults.always(faults.truncated, /manifests/);
    const work = client(open, { insecure: true }).manifest('team/app', 'v1');
    expect(await outcome(work)).toBe('unreachable: connection reset');
  });

  test('an error with control characters is quoted', async () => {
    const errors = [{ code: 'DENIED', message: 'a\u001b[31mb\nc' }];
    open.faults.always(faults.body(JSON.stringify({ errors }), { status: 403 }), /manifests/);
    const work = client(open, { insecure: true }).manifest('team/app', 'v1');
    expect(await outcome(work)).toBe('denied: "denied: a\\u001b[31mb\\nc"');
  });

  test('a host that is no registry', async () => {
    open.faults.always(faults.status(404));
    expect(await asking()).toBe('not-found: not found');
  });
});

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
    const plain = Registry.start({ htpasswd });
    plain.faults.next(faults.redirect(other.url), /blobs/);
    const asking = client(plain, { insecure: true, credential: GOOD });
    expect(Buffer.from(await asking.blob('team/app', content)).toString()).toBe('elsewhere');
    expect(other.seen).toEqual([null]);
    await Promise.all([other.stop(), plain.stop()]);
  });

  test('to the same host keeps the credential', async () => {
    const plain = Registry.start({ htpasswd });
    plain.seedImage('team/app', 'v1');
    plain.faults.next(faults.redirect('/v2/team/app/manifests/v1'), /manifests\/old/);
    const asking = client(plain, { insecure: true, credential: GOOD });
    expect((await asking.manifest('team/app', 'old')).bytes.length).toBeGreaterThan(0);
    await plain.stop();
  });

  test('from HTTPS to plain HTTP is refused', async () => {
    const other = witness();
    basic.faults.next(faults.redirect(other.url), /blobs/);
    const asking = client(basic, { credential: GOOD });
    expect(await outcome(asking.blob('team/app', content))).toBe(
      'invalid: a redirect from https to http',
    );
    expect(other.seen).toEqual([]);
    await other.stop();
  });

  test('a token service in plain HTTP gets no credential of an HTTPS registry', async () => {
    const other = witness();
    const challenge = { 'WWW-Authenticate': `Bearer realm="${other.url}",service="x"` };
    basic.faults.next(faults.body('', { status: 401, headers: challenge }));
    expect(await head(basic, { credential: GOOD })).toBe(
      'invalid: the bearer challenge names no usable realm',
    );
    expect(other.seen).toEqual([]);
    await other.stop();
  });
});
