import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { fieldAt } from '../../src/demo/api-object.ts';
import { htpasswdFor } from '../../src/demo/htpasswd.ts';
import { Registry } from '../../src/demo/registry.ts';

const EMPTY_DIGEST = `sha256:${Bun.SHA256.hash('', 'hex')}`;
let registry: Registry;
const lines: string[] = [];

beforeAll(async () => {
  registry = Registry.start({
    htpasswd: await htpasswdFor({ myuser: 'mypassword', limited: 'x' }),
    rights: { limited: ['team'] },
    onAccess: (line) => lines.push(line),
  });
  registry.seedImage('library/nginx');
});
afterAll(() => registry.stop());

interface Sent {
  readonly method?: string;
  readonly user?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

function send(path: string, { user = 'myuser:mypassword', headers, ...rest }: Sent = {}) {
  const authorization = user === '' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`;
  return fetch(registry.url + path, {
    ...rest,
    headers: { ...headers, ...(authorization && { Authorization: authorization }) },
  });
}

async function errorOf(response: Response): Promise<string> {
  const body: unknown = await response.json();
  const [first] = [fieldAt(body, 'errors')].flat();
  return `${response.status} ${fieldAt(first, 'code')}: ${fieldAt(first, 'message')}`;
}

describe('access', () => {
  const refused: [string, string][] = [
    ['nobody', ''],
    ['an unknown user', 'other:mypassword'],
    ['a wrong password', 'myuser:wrong'],
    ['an empty password', 'myuser:'],
    ['no colon', 'myuser'],
  ];
  test.each(refused)('%s is asked for a password', async (_, user) => {
    for (const path of ['/v2/', '/v2/library/nginx/manifests/latest']) {
      const response = await send(path, { user });
      expect(response.headers.get('www-authenticate')).toBe('Basic realm="pullkey registry"');
      expect(await errorOf(response)).toBe('401 UNAUTHORIZED: authentication required');
    }
  });

  test('a known user gets in, and every answer names the API', async () => {
    const response = await send('/v2/');
    expect(response.status).toBe(200);
    expect(response.headers.get('docker-distribution-api-version')).toBe('registry/2.0');
  });

  test('a password is good for its own user only', async () => {
    expect((await send('/v2/', { user: 'myuser:mypassword' })).status).toBe(200);
    expect((await send('/v2/', { user: 'limited:mypassword' })).status).toBe(401);
  });

  test('a user with limited rights is denied other repositories', async () => {
    const path = (repository: string): string => `/v2/${repository}/tags/list`;
    const user = 'limited:x';
    expect(await errorOf(await send(path('library/nginx'), { user }))).toBe(
      '403 DENIED: requested access to the resource is denied',
    );
    expect((await send(path('team'), { user })).status).toBe(404);
    expect((await send(path('team/app'), { user })).status).toBe(404);
    expect((await send(path('team-b/app'), { user })).status).toBe(403);
  });

  test('without passwords everyone gets in', async () => {
    await using open = Registry.start();
    expect((await fetch(`${open.url}/v2/`)).status).toBe(200);
  });
});

describe('content', () => {
  test('of a seeded image is what its manifest says', async () => {
    const response = await send('/v2/library/nginx/manifests/latest');
    const bytes = await response.bytes();
    const digest = `sha256:${Bun.SHA256.hash(bytes, 'hex')}`;
    expect(response.headers.get('docker-content-digest')).toBe(digest);
    const manifest: unknown = JSON.parse(Buffer.from(bytes).toString());
    const blobs = [fieldAt(manifest, 'config'), fieldAt(manifest, 'layers')].flat();
    expect(blobs).toHaveLength(2);
    for (const blob of blobs) {
      const content = await (
        await send(`/v2/library/nginx/blobs/${fieldAt(blob, 'digest')}`)
      ).bytes();
      expect(`sha256:${Bun.SHA256.hash(content, 'hex')}`).toBe(String(fieldAt(blob, 'digest')));
      expect(content.length).toBe(Number(fieldAt(blob, 'size')));
    }
  });

  test('is told by HEAD with its length, and not sent', async () => {
    const got = await send('/v2/library/nginx/manifests/latest');
    const head = await send('/v2/library/nginx/manifests/latest', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe(String((await got.bytes()).length));
    expect((await head.bytes()).length).toBe(0);
  });

  const unknown: [string, string][] = [
    ['/v2/library/nginx/manifests/none', '404 MANIFEST_UNKNOWN: manifest unknown'],
    [`/v2/library/nginx/blobs/${EMPTY_DIGEST}`, '404 BLOB_UNKNOWN: blob unknown to registry'],
    ['/v2/no/such/tags/list', '404 NAME_UNKNOWN: repository name not known to registry'],
    ['/v2/Library/nginx/tags/list', '400 NAME_INVALID: invalid repository name'],
    [
      '/v2/library/nginx/blobs/uploads/none',
      '404 BLOB_UPLOAD_UNKNOWN: blob upload unknown to registry',
    ],
  ];
  test.each(unknown)('%s: %s', async (path, expected) => {
    expect(await errorOf(await send(path))).toBe(expected);
  });

  test('cannot be deleted', async () => {
    const response = await send('/v2/library/nginx/manifests/latest', { method: 'DELETE' });
    expect(await errorOf(response)).toBe('405 UNSUPPORTED: The operation is unsupported.');
  });

  test('what is no path of the API is not found', async () => {
    expect((await send('/v2/library/nginx/bananas')).status).toBe(404);
    expect((await send('/')).status).toBe(404);
  });

  test('is listed by tag, in pages, and by repository', async () => {
    for (const tag of ['c', 'a', 'b']) registry.seedImage('tagged/app', tag);
    const all: unknown = await (await send('/v2/tagged/app/tags/list')).json();
    expect(all).toEqual({ name: 'tagged/app', tags: ['a', 'b', 'c'] });
    const page = await send('/v2/tagged/app/tags/list?n=2');
    expect(page.headers.get('link')).toBe('</v2/tagged/app/tags/list?last=b&n=2>; rel="next"');
    const rest: unknown = await (await send('/v2/tagged/app/tags/list?last=b&n=2')).json();
    expect(rest).toEqual({ name: 'tagged/app', tags: ['c'] });
    const catalogue: unknown = await (await send('/v2/_catalog')).json();
    expect(fieldAt(catalogue, 'repositories')).toContain('tagged/app');
  });
});

describe('a push', () => {
  const uploads = '/v2/pushed/app/blobs/uploads/';
  const digestOf = (text: string): string => `sha256:${Bun.SHA256.hash(text, 'hex')}`;

  async function begin(): Promise<string> {
    const response = await send(uploads, { method: 'POST' });
    expect(response.status).toBe(202);
    return response.headers.get('location') ?? '';
  }
  const has = async (text: string): Promise<number> =>
    (await send(`/v2/pushed/app/blobs/${digestOf(text)}`, { method: 'HEAD' })).status;

  test('of a blob in one request', async () => {
    const path = `${uploads}?digest=${digestOf('one')}`;
    const response = await send(path, { method: 'POST', body: 'one' });
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`/v2/pushed/app/blobs/${digestOf('one')}`);
    expect(await has('one')).toBe(200);
  });

  test('of a blob in two requests', async () => {
    const path = `${await begin()}?digest=${digestOf('two')}`;
    expect((await send(path, { method: 'PUT', body: 'two' })).status).toBe(201);
    expect(await has('two')).toBe(200);
  });

  test('of a blob in chunks, each told how far it came', async () => {
    const place = await begin();
    const chunk = (body: string, range: string): Promise<Response> =>
      send(place, { method: 'PATCH', body, headers: { 'Content-Range': range } });
    expect((await chunk('abc', '0-2')).headers.get('range')).toBe('0-2');
    expect((await chunk('def', '3-5')).headers.get('range')).toBe('0-5');
    expect((await send(place)).headers.get('range')).toBe('0-5');
    expect(await errorOf(await chunk('x', '9-9'))).toBe('416 RANGE_INVALID: invalid content range');
    const last = await send(`${place}?digest=${digestOf('abcdef')}`, { method: 'PUT' });
    expect(last.status).toBe(201);
    expect(await has('abcdef')).toBe(200);
    expect((await send(place)).status).toBe(404);
  });

  test('of a blob with a wrong digest is refused', async () => {
    const path = `${await begin()}?digest=${digestOf('right')}`;
    expect(await errorOf(await send(path, { method: 'PUT', body: 'wrong' }))).toBe(
      '400 DIGEST_INVALID: provided digest did not match uploaded content',
    );
    expect([await has('right'), await has('wrong')]).toEqual([404, 404]);
  });

  test('can be cancelled', async () => {
    const place = await begin();
    expect((await send(place, { method: 'DELETE' })).status).toBe(204);
    expect((await send(place)).status).toBe(404);
  });

  const manifest = (config: string): string => {
    const descriptor = { mediaType: 'x', digest: digestOf(config), size: config.length };
    return JSON.stringify({ schemaVersion: 2, config: descriptor, layers: [] });
  };
  const put = (reference: string, body: string): Promise<Response> =>
    send(`/v2/pushed/app/manifests/${reference}`, {
      method: 'PUT',
      body,
      headers: { 'Content-Type': 'application/vnd.oci.image.manifest.v1+json' },
    });

  test('of a manifest needs its blobs', async () => {
    expect(await errorOf(await put('v1', manifest('missing')))).toBe(
      '400 MANIFEST_BLOB_UNKNOWN: blob unknown to registry',
    );
    await send(`${uploads}?digest=${digestOf('{}')}`, { method: 'POST', body: '{}' });
    const response = await put('v1', manifest('{}'));
    expect(response.status).toBe(201);
    expect(response.headers.get('docker-content-digest')).toBe(digestOf(manifest('{}')));
  });

  test.each(['no JSON', '[]', '{}'])('of the manifest %p is refused', async (body) => {
    expect(await errorOf(await put('v1', body))).toBe('400 MANIFEST_INVALID: manifest invalid');
  });

  test('of a manifest under another’s digest is refused', async () => {
    await send(`${uploads}?digest=${digestOf('{}')}`, { method: 'POST', body: '{}' });
    const response = await put(EMPTY_DIGEST, manifest('{}'));
    expect(response.status).toBe(400);
  });
});

describe('the access log', () => {
  test('is written as docker-registry writes it, and holds no password', async () => {
    lines.length = 0;
    await send('/v2/library/nginx/manifests/none', { headers: { 'User-Agent': 'cri-o/1.35' } });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^127\.0\.0\.1 - myuser \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/v2\/library\/nginx\/manifests\/none HTTP\/1\.1" 404 \d+ "" "cri-o\/1\.35"$/,
    );
  });

  test('cannot be forged', async () => {
    lines.length = 0;
    await send('/v2/?x=%0A', { user: 'a\nb:x', headers: { 'User-Agent': 'x" 200 "y\\' } });
    expect(lines[0]).toEndWith('"GET /v2/?x=%0A HTTP/1.1" 401 87 "" "x\\" 200 \\"y\\\\"');
    expect(lines[0]).toStartWith('127.0.0.1 - - [');
  });
});
