import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { htpasswdFor } from '../../src/demo/htpasswd.ts';
import { Registry } from '../../src/demo/registry.ts';
import { type Finished, realProgram, run } from '../support/real.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const skopeo = realProgram('skopeo');
const home = temporaryDirectory();
const registries: Registry[] = [];

beforeAll(async () => {
  const htpasswd = await htpasswdFor({ myuser: 'mypassword', reader: 'x' });
  const rights = { reader: ['library'] };
  registries.push(Registry.start({ htpasswd, rights }));
  registries.push(Registry.start({ htpasswd, rights, authentication: 'bearer' }));
  for (const registry of registries) registry.seedImage('library/nginx');
});
afterAll(async () => {
  await Promise.all(registries.map((registry) => registry.stop()));
  home[Symbol.dispose]();
});

/** Copies with an auth file that holds one user for the registry. */
async function copy(registry: Registry, user: string, from: string, to: string): Promise<Finished> {
  const authFile = `${home.path}/auth.json`;
  const auth = Buffer.from(user).toString('base64');
  await Bun.write(authFile, JSON.stringify({ auths: { [registry.host]: { auth } } }));
  const insecure = ['--src-tls-verify=false', '--dest-tls-verify=false'];
  const command = [skopeo.path, '--insecure-policy', 'copy', ...insecure];
  return run([...command, '--authfile', authFile, from, to], { home: home.path });
}

describe.each([0, 1])('skopeo (0 by Basic, 1 by bearer token): %d', (index) => {
  const at = (): { registry: Registry; docker: string } => {
    const registry = registries[index] ?? Registry.start();
    return { registry, docker: `docker://${registry.host}` };
  };

  skopeo.test('pulls the seeded image and pushes it to another repository', async () => {
    const { registry, docker } = at();
    const user = 'myuser:mypassword';
    const archive = `oci:${home.path}/pulled${index}:v1`;
    const pulled = await copy(registry, user, `${docker}/library/nginx`, archive);
    expect(pulled).toMatchObject({ code: 0 });
    const pushed = await copy(registry, user, archive, `${docker}/team/app:v2`);
    expect(pushed).toMatchObject({ code: 0 });
    const repository = registry.store.repository('team/app');
    expect(repository.manifest('v2')?.digest).toBe(
      registry.store.repository('library/nginx').manifest('latest')?.digest ?? '',
    );
  });

  skopeo.test('is refused with a wrong password', async () => {
    const { registry, docker } = at();
    const refused = await copy(registry, 'myuser:wrong', `${docker}/library/nginx`, 'dir:/nowhere');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /unauthorized: authentication required|invalid username\/password/,
    );
  });

  skopeo.test('is refused a repository that is not its user’s', async () => {
    const { registry, docker } = at();
    registry.seedImage('secret/app');
    const refused = await copy(registry, 'reader:x', `${docker}/secret/app`, 'dir:/nowhere');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('denied: requested access to the resource is denied');
  });
});
