import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { lookUpCredential } from '../../src/demo/auth-file-lookup.ts';
import { htpasswdFor } from '../../src/demo/htpasswd.ts';
import { type PullResult, pullImage, takeAuthFile } from '../../src/demo/pull-client.ts';
import { Registry } from '../../src/demo/registry.ts';
import { OCI_INDEX } from '../../src/distribution/media-types.ts';
import { dockerRegistry, startDockerRegistry } from '../support/docker-registry.ts';
import { realProgram, run } from '../support/real.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const IMAGE = 'docker.io/library/nginx';
const scratch = temporaryDirectory();
let mirror: Registry;

beforeAll(async () => {
  mirror = Registry.start({ htpasswd: await htpasswdFor({ myuser: 'mypassword' }) });
  mirror.seedImage('library/nginx');
});
afterAll(async () => {
  await mirror.stop();
  scratch[Symbol.dispose]();
});

async function authFileOf(auths: Record<string, string>): Promise<string> {
  const path = `${scratch.path}/${crypto.randomUUID()}.json`;
  const entries = Object.entries(auths).map(([key, pair]) => [key, { auth: btoa(pair) }]);
  await Bun.write(path, JSON.stringify({ auths: Object.fromEntries(entries) }));
  return path;
}

/** Pulls by way of a mirror from a source that does not exist. */
function pull(host: string, authFile?: string): Promise<PullResult> {
  return pullImage({
    image: IMAGE,
    sources: [
      { reference: `${host}/library/nginx:latest`, insecure: true },
      { reference: 'upstream.invalid/library/nginx:latest', insecure: false },
    ],
    authFile,
  });
}

describe('taking the auth file', () => {
  const hash = Bun.SHA256.hash(IMAGE, 'hex');

  test('moves it to a name of its own under in-use', async () => {
    const directory = `${scratch.path}/auth`;
    await mkdir(directory);
    await Bun.write(`${directory}/team-${hash}.json`, '{}');
    const taken = await takeAuthFile(directory, 'team', IMAGE);
    expect(taken).toMatch(new RegExp(`^${directory}/in-use/team-${hash}-[0-9a-f-]{36}\\.json$`));
    expect(existsSync(taken ?? '')).toBe(true);
    expect(readdirSync(directory)).toEqual(['in-use']);
    expect(statSync(`${directory}/in-use`).mode & 0o777).toBe(0o700);
  });

  test('finds nothing where another pull was faster, or for another namespace', async () => {
    const directory = `${scratch.path}/auth-once`;
    await mkdir(directory);
    await Bun.write(`${directory}/team-${hash}.json`, '{}');
    expect(await takeAuthFile(directory, 'other', IMAGE)).toBeUndefined();
    expect(await takeAuthFile(directory, 'team', IMAGE)).toBeString();
    expect(await takeAuthFile(directory, 'team', IMAGE)).toBeUndefined();
  });

  test('fails where the file cannot be moved', async () => {
    const directory = `${scratch.path}/auth-stuck`;
    await mkdir(directory);
    await Bun.write(`${directory}/team-${hash}.json`, '{}');
    await Bun.write(`${directory}/in-use`, 'no directory');
    const failed = takeAuthFile(directory, 'team', IMAGE).then(String, () => 'failed');
    expect(await failed).toBe('failed');
  });
});

describe('a pull', () => {
  test('succeeds at the first source whose credential is right', async () => {
    const authFile = await authFileOf({ [mirror.host]: 'myuser:mypassword' });
    const { pulled, attempts } = await pull(mirror.host, authFile);
    expect(attempts).toHaveLength(1);
    expect(pulled).toMatchObject({
      reference: `${mirror.host}/library/nginx:latest`,
      result: 'pulled',
      outcome: '200',
      credentialKey: mirror.host,
      username: 'myuser',
      digest: mirror.store.repository('library/nginx').manifest('latest')?.digest,
      layers: 1,
    });
  });

  test('without a credential is refused by the mirror and goes on to the source', async () => {
    expect(await pull(mirror.host)).toMatchObject({
      image: IMAGE,
      pulled: undefined,
      attempts: [
        {
          reference: `${mirror.host}/library/nginx:latest`,
          result: 'unauthorized',
          outcome: 'unauthorized: authentication required',
        },
        {
          reference: 'upstream.invalid/library/nginx:latest',
          result: 'unreachable',
          outcome: 'no such host',
        },
      ],
    });
  });

  test('with a wrong password says whose it was', async () => {
    const authFile = await authFileOf({ [`${mirror.host}/library`]: 'myuser:wrong' });
    const [first] = (await pull(mirror.host, authFile)).attempts;
    expect(first).toMatchObject({
      result: 'unauthorized',
      credentialKey: `${mirror.host}/library`,
      username: 'myuser',
    });
  });

  test('verifies what it gets', async () => {
    await using broken = Registry.start();
    const { digest } = broken.seedImage('library/nginx');
    const repository = broken.store.repository('library/nginx');
    repository.manifest(digest)?.bytes.fill(32, 0, 1);
    const reference = `${broken.host}/library/nginx@${digest}`;
    const result = await pullImage({ image: IMAGE, sources: [{ reference, insecure: true }] });
    expect(result.attempts).toMatchObject([
      { result: 'invalid', outcome: `the content does not have the digest ${digest}` },
    ]);
  });

  test('takes this platform’s image of several', async () => {
    await using open = Registry.start();
    const images = ['arm64', 'amd64'].map((architecture) => {
      const { digest, bytes } = open.seedImage('library/nginx', architecture);
      return { digest, size: bytes.length, platform: { os: 'linux', architecture } };
    });
    const index = JSON.stringify({ schemaVersion: 2, manifests: images });
    const repository = open.store.repository('library/nginx');
    repository.addManifest('latest', OCI_INDEX, new TextEncoder().encode(index));
    const digest = repository.manifest(process.arch === 'x64' ? 'amd64' : process.arch)?.digest;
    expect(digest).toBeDefined();
    expect((await pull(open.host)).pulled).toMatchObject({ digest, layers: 1 });
  });

  dockerRegistry.test(
    'works with a real docker-registry, whose refusals read the same',
    async () => {
      await using real = await startDockerRegistry({ myuser: 'mypassword' });
      const authFile = await authFileOf({ [real.host]: 'myuser:mypassword' });
      const skopeo = realProgram('skopeo');
      const copied = await run(
        [
          skopeo.path,
          '--insecure-policy',
          'copy',
          '--src-tls-verify=false',
          '--src-creds=myuser:mypassword',
          '--dest-tls-verify=false',
          '--dest-creds=myuser:mypassword',
          `docker://${mirror.host}/library/nginx`,
          `docker://${real.host}/library/nginx`,
        ],
        { home: scratch.path },
      );
      expect(copied).toMatchObject({ code: 0 });
      expect((await pull(real.host, authFile)).pulled).toMatchObject({ outcome: '200', layers: 1 });
      const ours = await pull(mirror.host);
      const theirs = await pull(real.host);
      expect(theirs.attempts.map(({ outcome }) => outcome)).toEqual(
        ours.attempts.map(({ outcome }) => outcome),
      );
    },
  );
});

describe('the credential of a repository', () => {
  const found = (auths: Record<string, unknown>, repository: string): string | undefined =>
    lookUpCredential(JSON.stringify({ auths }), repository)?.key;
  const entry = { auth: btoa('u:p') };

  const keys: [string, string[], string, string | undefined][] = [
    ['is the most specific one', ['h', 'h/a', 'h/a/b'], 'h/a/b/c', 'h/a/b'],
    ['may be its own', ['h', 'h/a/b'], 'h/a/b', 'h/a/b'],
    ['is the host’s last', ['h', 'h/x'], 'h/a/b', 'h'],
    ['is not a sibling’s', ['h/a'], 'h/ab', undefined],
    ['is not another port’s', ['h:5000', 'h:5001'], 'h:5001/a', 'h:5001'],
    ['may be written as an URL', ['https://h:5000/v1/'], 'h:5000/a', 'https://h:5000/v1/'],
    [
      'may be under an alias of Docker Hub',
      ['https://index.docker.io/v1/'],
      'docker.io/library/x',
      'https://index.docker.io/v1/',
    ],
    ['is not a path written as an URL', ['h/a/'], 'h/a', undefined],
  ];
  test.each(keys)('%s', (_, given, repository, expected) => {
    const auths = Object.fromEntries(given.map((key) => [key, entry]));
    expect<unknown>(found(auths, repository)).toBe(expected);
  });

  const entries: [string, unknown, unknown][] = [
    [
      'a user and a password with colons',
      { auth: btoa('u:p:q') },
      { username: 'u', password: 'p:q' },
    ],
    ['a padded password', { auth: btoa('u:p\0\0') }, { username: 'u', password: 'p' }],
    ['an identity token', { auth: btoa('u:p'), identitytoken: 't' }, { identityToken: 't' }],
    ['an empty pair, which is none', { auth: btoa(':') }, undefined],
    ['an empty entry, which is none', {}, undefined],
    ['nonsense, which is none', { auth: 'bm9uZQ==' }, undefined],
  ];
  test.each(entries)('may be %s', (_, given, expected) => {
    const result = lookUpCredential(JSON.stringify({ auths: { h: given } }), 'h/a');
    expect<unknown>(result?.credential).toEqual(expected);
  });

  test('is none in a file without auths', () => {
    expect(lookUpCredential('{}', 'h/a')).toBeUndefined();
  });
});
