import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { asKubelet, TestStore } from '../support/credential-store.ts';

let store: TestStore;
beforeEach(() => {
  store = new TestStore();
});
afterEach(() => store[Symbol.dispose]());

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
