import { describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';

const SCRIPTS = new URL('../scripts/', import.meta.url).pathname;

function script(name: string, args: readonly string[], environment: Record<string, string> = {}) {
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  const run = Bun.spawnSync([SCRIPTS + name, ...args], { env });
  return { exitCode: run.exitCode, stderr: run.stderr.toString() };
}

describe('make e2e', () => {
  test.skipIf(existsSync('/run/crio/crio.sock'))('says what this machine misses', () => {
    const nowhere = { E2E_REGISTRY: '127.0.0.1:1', KUBECONFIG: '/nonexistent' };
    const { exitCode, stderr } = script('e2e.sh', [], nowhere);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is no node to test on, see docs/development.md; missing:\n');
    for (const what of ['kubectl', 'CRI-O', 'kubelet', 'registry']) {
      expect(stderr).toContain(`\n  - ${what}: `);
    }
  });
});

describe('make test-cluster', () => {
  test('says that KUBECONFIG is not set', () =>
    expect(script('test-cluster.sh', [])).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('test-cluster: KUBECONFIG is not set: name the kubeconfig'),
    }));
  test('says that the file cannot be read', () =>
    expect(script('test-cluster.sh', [], { KUBECONFIG: '/nonexistent' })).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('/nonexistent, which cannot be read'),
    }));
});

describe('make fuzz', () => {
  test.each([[[]], [['soon']], [['0']], [['5', 'x']]])('says how it is used: %p', (args) =>
    expect(script('fuzz.sh', args)).toEqual({
      exitCode: 2,
      stderr: 'usage: make fuzz SECONDS=60 [SEED=1]: whole numbers\n',
    }),
  );
  test('tells the seed, to try the same again', async () => {
    const child = Bun.spawn([`${SCRIPTS}fuzz.sh`, '3600', '7'], {
      stderr: 'ignore',
      stdout: 'pipe',
    });
    const { value } = await child.stdout.getReader().read();
    // The script has become the test runner by the next line, or is about to.
    child.kill('SIGKILL');
    expect(Buffer.from(value ?? []).toString()).toStartWith(
      'fuzz: seed 7; again with: make fuzz SECONDS=3600 SEED=7\n',
    );
  });
});
