import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { asKubelet, GENERIC_PLUGIN, TestStore } from '../support/credential-store.ts';
import { runPlugin } from '../support/node.ts';

let store: TestStore;
beforeEach(() => {
  store = new TestStore();
});
afterEach(() => store[Symbol.dispose]());

const ENVELOPE = {
  kind: 'CredentialProviderResponse',
  apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
  cacheKeyType: 'Registry',
  cacheDuration: '0h5m0s',
};

describe('the job of the Python original', () => {
  test('the request of its documentation gets its answer', async () => {
    store.write('registry.example.org.json', { username: 'token_username', password: 'p' });
    const { exitCode, stdout, stderr } = await store.run(
      '{"apiVersion": "credentialprovider.kubelet.k8s.io/v1", "kind": "CredentialProviderRequest", "image": "your.registry.example.org/org/image:version"}',
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      ...ENVELOPE,
      auth: { 'your.registry.example.org': { username: 'token_username', password: 'p' } },
    });
  });

  test.each([['some.example.org.json'], ['example.org.json'], ['org.json']])(
    '%s is for some.example.org',
    async (name) => {
      store.write(name, { username: 'u', password: 'p' });
      const { stdout } = await store.pull('some.example.org/someuser/someimage');
      expect(JSON.parse(stdout).auth).toEqual({
        'some.example.org': { username: 'u', password: 'p' },
      });
    },
  );

  test.each([
    [{ username: 'u' }, { username: 'u', password: '' }],
    [{ password: 'p' }, { username: '', password: 'p' }],
    [{}, { username: '', password: '' }],
    [
      { username: null, password: 'p', more: [1] },
      { username: '', password: 'p' },
    ],
  ])('%j gives %j', async (content, credential) => {
    store.write('example.org.json', content);
    const { stdout } = await store.pull('example.org/a');
    expect(JSON.parse(stdout).auth).toEqual({ 'example.org': credential });
  });

  test('a duration in the file is the answer’s', async () => {
    store.write('example.org.json', { username: 'u', password: 'p', duration: '12h' });
    expect(JSON.parse((await store.pull('example.org/a')).stdout).cacheDuration).toBe('12h');
  });

  test('an unknown registry ends with 1 and one sentence', async () => {
    expect(await store.pull('failure.example.org:5555/test')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'ERROR: Error running credential provider plugin: failure.example.org is an unknown source\n',
    });
  });

  test('a store that is not there knows no registry', async () => {
    const { stderr } = await store.pull('a.example/b', { flags: ['-c', `${store.root}/none`] });
    expect(stderr).toContain('a.example is an unknown source');
  });

  test('a request of just an image is answered', async () => {
    store.write('example.org.json', { username: 'u', password: 'p' });
    const { stdout } = await store.run('{"image":"example.org/a"}');
    expect(JSON.parse(stdout)).toMatchObject(ENVELOPE);
  });

  test('--debug tells the search in the original’s lines, but no password', async () => {
    store.write('example.com.json', { username: 'bloggsf', password: 'decafbad' });
    const { stderr } = await store.pull('provider.example.com/test', { flags: ['-d'] });
    expect(stderr.split('\n')).toEqual([
      'DEBUG: Got repository name: provider.example.com',
      `DEBUG: Testing json_file_path: ${store.root}/provider.example.com.json`,
      `DEBUG: Testing json_file_path: ${store.root}/example.com.json`,
      'DEBUG: Got it',
      `DEBUG: Got credentials: user "bloggsf" from "${store.root}/example.com.json" (plain)`,
      '',
    ]);
  });

  test.each([['-v'], ['--version'], ['-version']])('%s prints name and version', async (flag) => {
    const { exitCode, stdout } = await runPlugin('', { command: [GENERIC_PLUGIN], flags: [flag] });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^generic-credential-provider version \S+\n$/);
  });

  test('wrong flags end with 2 and name the known ones', async () => {
    const { exitCode, stderr } = await store.pull('a.example/b', { flags: ['--what'] });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('unknown argument "--what"; known are --credroot');
  });

  test('later versions of the protocol’s group are answered as asked', async () => {
    store.write('example.org.json', { username: 'u', password: 'p' });
    const apiVersion = 'credentialprovider.kubelet.k8s.io/v1beta1';
    const { stdout } = await store.run(JSON.stringify({ apiVersion, image: 'example.org/a' }));
    expect(JSON.parse(stdout).apiVersion).toBe(apiVersion);
  });
});

describe('the most specific file', () => {
  const FILES = [
    'registry.example.org:5000/team-a/app.json',
    'registry.example.org:5000/team-a.json',
    'registry.example.org/team-a/app.json',
    'registry.example.org/team-a.json',
    'registry.example.org:5000.json',
    'registry.example.org.json',
    'example.org.json',
    'org.json',
  ] as const;
  const IMAGE = 'registry.example.org:5000/team-a/app';

  test.each(FILES.map((name, index) => [name, FILES.slice(index)] as const))(
    '%s goes before what is less specific',
    async (name, present) => {
      for (const one of present) store.write(one, { username: one, password: 'p' });
      const { stdout } = await store.pull(IMAGE);
      expect(asKubelet(stdout, IMAGE).keyring).toEqual([{ username: name, password: 'p' }]);
    },
  );

  test.each([
    ['registry.example.org:5000.json', IMAGE, 'registry.example.org:5000'],
    ['org.json', IMAGE, 'registry.example.org:5000'],
    ['registry.example.org/team-a.json', IMAGE, 'registry.example.org:5000/team-a'],
    ['docker.io.json', 'docker.io/library/nginx', 'docker.io'],
    ['docker.io/library.json', 'docker.io/library/nginx', 'docker.io/library'],
    ['localhost:5000.json', 'localhost:5000/a', 'localhost:5000'],
    ['10.0.0.1:5000.json', '10.0.0.1:5000/a', '10.0.0.1:5000'],
    ['[::1]:5000.json', '[::1]:5000/a', '[::1]:5000'],
    ['[::1]:5000/team.json', '[::1]:5000/team/a', '[::1]:5000/team'],
    ['registry.example.org.json', 'Registry.Example.ORG/a', 'Registry.Example.ORG'],
    ['config:5000.json', 'config:5000/a', 'config:5000'],
    ['a.example/v2/team.json', 'a.example/v2/team/app', 'a.example'],
    ['a.example/v2.json', 'a.example/v2/team/app', 'a.example/v2'],
  ])('%s answers %s under %s, which the kubelet finds', async (name, image, key) => {
    store.write(name, { username: 'u', password: 'p' });
    const { stdout } = await store.pull(image);
    expect(Object.keys(JSON.parse(stdout).auth)).toEqual([key]);
    expect(asKubelet(stdout, image).keyring).toEqual([{ username: 'u', password: 'p' }]);
  });

  test.each([
    ['registry.example.org/team.json', 'registry.example.org/team-a/app'],
    ['registry.example.org:5001.json', 'registry.example.org:5000/app'],
    ['registry.example.org/team-a/app.json', 'registry.example.org/team-a'],
    ['0.0.1.json', '10.0.0.1/app'],
    ['1.json', '10.0.0.1:5000/app'],
    ['example.json', 'registry.example.org/app'],
    ['xample.org.json', 'registry.example.org/app'],
    ['Example.org.json', 'example.org/app'],
  ])('%s is not for %s', async (name, image) => {
    store.write(name, { username: 'u', password: 'p' });
    const { exitCode, stderr } = await store.pull(image);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is an unknown source');
  });

  test('for a part of a registry is kept by the kubelet for its image only', async () => {
    store.write('a.example/team.json', { username: 'u', password: 'p' });
    const { stdout } = await store.pull('a.example/team/app');
    expect(asKubelet(stdout, 'a.example/team/app').under).toBe('Image');
  });

  test('for a whole registry is kept for all of it', async () => {
    store.write('a.example.json', { username: 'u', password: 'p' });
    const { stdout } = await store.pull('a.example/team/app');
    expect(asKubelet(stdout, 'a.example/team/app').under).toBe('Registry');
  });

  test('beside one for a part is kept for its image only, so that the part does not get it', async () => {
    store.write('a.example.json', { username: 'u', password: 'p' });
    store.write('a.example/team.json', { username: 'team', password: 'p' });
    const { stdout } = await store.pull('a.example/other/app');
    expect(asKubelet(stdout, 'a.example/other/app')).toEqual({
      keyring: [{ username: 'u', password: 'p' }],
      under: 'Image',
    });
  });

  test('takes effect at the next pull when it is changed', async () => {
    store.write('a.example.json', { username: 'u', password: 'old' });
    await store.pull('a.example/app');
    store.write('a.example.json', { username: 'u', password: 'new' });
    const { stdout } = await store.pull('a.example/app');
    expect(JSON.parse(stdout).auth['a.example'].password).toBe('new');
  });
});

describe('Docker’s config.json in the store', () => {
  const auth = (user: string) => ({ auth: Buffer.from(`${user}:p`).toString('base64') });

  test.each([
    ['registry.example.org', 'registry.example.org/a', 'registry.example.org'],
    ['https://registry.example.org/v2/', 'registry.example.org/a', 'registry.example.org'],
    ['*.example.org', 'registry.example.org/a', 'registry.example.org'],
    [
      'registry.example.org:5000/team',
      'registry.example.org:5000/team/a',
      'registry.example.org:5000/team',
    ],
    ['https://index.docker.io/v1/', 'docker.io/library/nginx', 'docker.io'],
    ['docker.io', 'docker.io/library/nginx', 'docker.io'],
  ])('its key %s is for %s, answered under %s', async (key, image, answered) => {
    store.write('config.json', { auths: { [key]: auth('u') } });
    const { stdout } = await store.pull(image);
    expect(Object.keys(JSON.parse(stdout).auth)).toEqual([answered]);
    expect(asKubelet(stdout, image).keyring).toEqual([{ username: 'u', password: 'p' }]);
  });

  test.each([
    ['example.org', 'registry.example.org/a'],
    ['*.example.org', 'example.org/a'],
    ['registry.example.org', 'registry.example.org:5000/a'],
  ])('its key %s is not for %s, by the kubelet’s rules', async (key, image) => {
    store.write('config.json', { auths: { [key]: auth('u') } });
    expect((await store.pull(image)).exitCode).toBe(1);
  });

  test('gives the entry that the kubelet would try first', async () => {
    store.write('config.json', {
      auths: {
        '*.example.org': auth('wild'),
        'a.example.org': auth('host'),
        'a.example.org/t': auth('team'),
      },
    });
    const first = async (image: string) =>
      asKubelet((await store.pull(image)).stdout, image).keyring[0]?.username;
    expect(await first('a.example.org/t/app')).toBe('team');
    expect(await first('a.example.org/x/app')).toBe('host');
    expect(await first('b.example.org/x/app')).toBe('wild');
  });

  test('comes after the files that are named for a scope', async () => {
    store.write('org.json', { username: 'file', password: 'p' });
    store.write('config.json', { auths: { 'a.example.org': auth('u') } });
    const { stdout } = await store.pull('a.example.org/x');
    expect(JSON.parse(stdout).auth['a.example.org'].username).toBe('file');
  });

  test('may hold user name and password, colons in both', async () => {
    store.write('config.json', { auths: { 'a.example': { username: 'u:v', password: 'p:q' } } });
    const { stdout } = await store.pull('a.example/x');
    expect(JSON.parse(stdout).auth['a.example']).toEqual({ username: 'u:v', password: 'p:q' });
  });

  test('names the entry that gives nothing', async () => {
    store.write('config.json', { auths: { 'a.example': { auth: '!' } } });
    const { exitCode, stderr } = await store.pull('a.example/x');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('its entry "a.example" has an auth that is not base64');
  });

  test('is no file for the host config', async () => {
    store.write('config.json', { username: 'u', password: 'p' });
    const { exitCode } = await store.run('{"image":"config:1/x"}');
    expect(exitCode).toBe(1);
  });
});
