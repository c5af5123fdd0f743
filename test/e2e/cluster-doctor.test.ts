import { afterAll, beforeAll, expect, test } from 'bun:test';
import { chmodSync, writeFileSync } from 'node:fs';
import { ApiServer } from '../../src/demo/api-server.ts';
import { runRemedy } from '../support/cluster-doctor.ts';
import { auth, pullSecret } from '../support/node.ts';
import { pluginUsers } from '../support/plugin-user.ts';
import { PASSWORD } from '../support/secrecy.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const PULLKEY = new URL('../../build/pullkey', import.meta.url).pathname;
const ISSUER = 'https://kubernetes.default.svc.cluster.local';

let server: ApiServer;
let directory: ReturnType<typeof temporaryDirectory>;
let kubeconfig: string;
beforeAll(async () => {
  server = await ApiServer.start({ issuer: ISSUER });
  server.issueToken({ namespace: 'team-a', serviceAccount: 'default', pod: 'web', node: 'n1' });
  server.apply(pullSecret('team-a', 'pull', { 'localhost:5000': auth('u', PASSWORD) }));
  directory = temporaryDirectory();
  kubeconfig = `${directory.path}/kubeconfig`;
  writeFileSync(kubeconfig, server.kubeconfig());
});
afterAll(async () => {
  await server.stop();
  directory[Symbol.dispose]();
});

async function doctor(
  args: readonly string[],
  environment: Record<string, string> = {},
  program: readonly string[] = [PULLKEY],
) {
  const run = Bun.spawn([...program, 'doctor', ...args], {
    env: { PATH: '/usr/bin:/bin', HOME: directory.path, ...environment },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr] = await Promise.all([run.stdout.text(), run.stderr.text()]);
  expect(stderr).toBe('');
  expect(stdout).not.toContain(server.adminToken);
  expect(stdout).not.toContain(PASSWORD);
  return { stdout, exitCode: await run.exited };
}

/** The commands of the text as somebody would copy them: their lines, without what stands before them. */
function commandsIn(text: string): string[] {
  const blocks = text.matchAll(/^ +run: ((?:.*\\\n)*.*)$/gm);
  return Array.from(blocks, ([, command = '']) => command);
}

test('an administrator is told what keeps a tenant from pulling, and mends it by pasting', async () => {
  const args = ['-n', 'team-a', '--kubeconfig', kubeconfig];
  const before = await doctor(args);
  expect(before.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(before.exitCode).toBe(1);
  expect(before.stdout).toContain(`ok       api-server: ${server.url} answers, verified`);
  expect(before.stdout).toContain('broken   node-tokens: nodes may not request tokens for');
  expect(before.stdout).toContain('broken   pull-secret-rights: service account default of team-a');
  expect(before.stdout).toContain(', 2 broken, ');
  const commands = commandsIn(before.stdout);
  expect(commands.map((one) => one.replace(/\s*\\\n\s*/g, ' '))).toEqual([
    `pullkey render rbac --nodes --audience ${ISSUER} | kubectl apply --kubeconfig ${kubeconfig} -f -`,
    `pullkey render rbac --namespace team-a --service-account default | kubectl apply --kubeconfig ${kubeconfig} -f -`,
  ]);
  for (const command of commands) await runRemedy(command, server);
  const after = await doctor(args);
  expect(after.exitCode).toBe(0);
  expect(after.stdout).toContain(', 0 broken, ');
  expect(after.stdout).toContain('ok       node-tokens: nodes may request tokens for');
  expect(after.stdout).toContain('may list Secrets');
});

test('kubectl’s cluster is found, and nothing is changed in it', async () => {
  server.log.clear();
  const { stdout } = await doctor(['-o', 'json', '-n', 'team-a'], { KUBECONFIG: kubeconfig });
  const checks: { check: string; verdict: string; remedy: unknown }[] = JSON.parse(stdout).checks;
  expect(checks.find(({ check }) => check === 'identity')?.verdict).toBe('ok');
  expect(checks.every((one) => one.verdict === 'ok' || one.remedy !== null)).toBe(true);
  const writes = server.log.entries.filter(({ method }) => method !== 'GET');
  const paths = writes.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`);
  expect(new Set(paths)).toEqual(
    new Set(['POST selfsubjectreviews', 'POST token', 'POST localsubjectaccessreviews']),
  );
});

test('a server that is not trusted ends with 1, and the rest is not guessed', async () => {
  await using other = await ApiServer.start();
  const { stdout, exitCode } = await doctor([
    ...['--kubeconfig', kubeconfig, '--api-server', other.url, '--timeout', '5s'],
  ]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('broken   api-server: https://127.0.0.1:');
  expect(stdout.match(/^unknown {2}/gm)?.length).toBeGreaterThanOrEqual(5);
  expect(other.log.entries).toEqual([]);
});

test('a kubeconfig that only root may read is not called broken', async () => {
  using people = pluginUsers('pullkey');
  const ordinary = people.users.at(-1)?.command;
  const secret = `${directory.path}/secret`;
  writeFileSync(secret, server.kubeconfig());
  chmodSync(directory.path, 0o755);
  chmodSync(secret, 0);
  const { stdout, exitCode } = await doctor(['--kubeconfig', secret], {}, ordinary);
  expect(stdout).toContain('unknown  api-server: cannot read the kubeconfig');
  expect(stdout).toContain('         mend: run this as root\n');
  expect(exitCode).toBe(0);
});
