import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { GENERIC_PLUGIN, TestStore } from '../support/credential-store.ts';
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
