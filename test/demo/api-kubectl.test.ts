import { afterAll, beforeAll, expect } from 'bun:test';
import { ApiServer } from '../../src/demo/api-server.ts';
import { secret } from '../support/api-client.ts';
import { realProgram, run } from '../support/real.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

let server: ApiServer;

beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.stop());

const kubectl = realProgram('kubectl');
kubectl.test('kubectl reads, writes and is refused as by a real API server', async () => {
  using home = temporaryDirectory();
  server.apply(secret('pull', 'shell'));
  const as = async (token: string, ...args: string[]) => {
    const config = `${home.path}/kubeconfig`;
    await Bun.write(config, server.kubeconfig(token));
    return (stdin = '') =>
      run([kubectl.path, '--kubeconfig', config, '-n', 'shell', ...args], {
        home: home.path,
        stdin,
      });
  };
  const get = await as(server.adminToken, 'get', 'secrets', '-o', 'name');
  expect(await get()).toMatchObject({ code: 0, stdout: 'secret/pull\n' });
  const create = await as(server.adminToken, 'create', '--validate=false', '-f', '-');
  expect(await create(JSON.stringify(secret('second', 'shell')))).toMatchObject({ code: 0 });
  const token = server.issueToken({ namespace: 'shell', serviceAccount: 'default' });
  const refused = await (await as(token, 'get', 'secrets'))();
  expect(refused.stderr).toContain(
    'Error from server (Forbidden): secrets is forbidden: User "system:serviceaccount:shell:default" cannot list resource "secrets" in API group "" in the namespace "shell"',
  );
});
