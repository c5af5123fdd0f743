import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { htpasswdFor } from '../../src/demo/htpasswd.ts';
import { Registry } from '../../src/demo/registry.ts';
import { type Finished, realProgram, run } from '../support/real.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const skopeo = realProgram('skopeo');
const home = temporaryDirectory();
afterAll(() => home[Symbol.dispose]());

/** Copies with an auth file that holds one user for the registry. */
async function copy(registry: Registry, user: string, from: string, to: string): Promise<Finished> {
  const authFile = `${home.path}/auth.json`;
  const auth = Buffer.from(user).toString('base64');
  await Bun.write(authFile, JSON.stringify({ auths: { [registry.host]: { auth } } }));
  const insecure = ['--src-tls-verify=false', '--dest-tls-verify=false'];
  const command = [skopeo.path, '--insecure-policy', 'copy', ...insecure];
  return run([...command, '--authfile', authFile, from, to], { home: home.path });
}

describe.each(['basic', 'bearer'] as const)('skopeo by %s authentication', (authentication) => {
  let registry: Registry;
  let docker: string;

  beforeAll(async () => {
    registry = Registry.start({
      htpasswd: await htpasswdFor({ myuser: 'mypassword', reader: 'x' }),
      rights: { reader: ['library'] },
      authentication,
    });
    docker = `docker://${registry.host}`;
    registry.seedImage('library/nginx');
    registry.seedImage('secret/app');
  });
  afterAll(() => registry.stop());

  skopeo.test('pulls the seeded image and pushes it to another repository', async () => {
    const user = 'myuser:mypassword';
    const archive = `oci:${home.path}/${authentication}:v1`;
    expect(await copy(registry, user, `${docker}/library/nginx`, archive)).toMatchObject({
      code: 0,
    });
    expect(await copy(registry, user, archive, `${docker}/team/app:v2`)).toMatchObject({ code: 0 });
    const pushed = registry.store.repository('team/app').manifest('v2');
    const seeded = registry.store.repository('library/nginx').manifest('latest');
    expect(pushed).toEqual(seeded);
    expect(seeded).toBeDefined();
  });

  skopeo.test('is refused with a wrong password', async () => {
    const refused = await copy(
      registry,
      'myuser:wrong',
      `${docker}/library/nginx`,
      `dir:${home.path}/refused`,
    );
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /unauthorized: authentication required|invalid username\/password/,
    );
  });

  skopeo.test('is refused a repository that is not its user’s', async () => {
    const refused = await copy(
      registry,
      'reader:x',
      `${docker}/secret/app`,
      `dir:${home.path}/refused`,
    );
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('denied: requested access to the resource is denied');
  });
});
