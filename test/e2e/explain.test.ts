import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { DEMO_IMAGE, DemoCluster, OTHER_TENANT, TENANT } from '../../src/demo/demo-cluster.ts';
import { realProgram, run } from '../support/real.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const PULLKEY = new URL('../../build/pullkey', import.meta.url).pathname;

let cluster: DemoCluster;

beforeAll(async () => {
  cluster = await DemoCluster.start(() => undefined);
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** A command line of the executable on the demo's node. */
function explain(...args: readonly string[]): string[] {
  const flag = `--credential-provider-config=${cluster.credentialProviderConfig}`;
  return [PULLKEY, 'explain', ...args, flag];
}

describe('the executable’s pullkey explain', () => {
  test('names the missing credential, and ends with 1', async () => {
    using home = temporaryDirectory();
    const command = explain(DEMO_IMAGE, '-n', OTHER_TENANT, '--probe');
    const { code, stdout, stderr } = await run(command, { home: home.path });
    expect(stdout).toContain(
      `✗ no credential for the mirror ${cluster.registry.host}, and it asks for one`,
    );
    expect([code, stderr]).toEqual([1, '']);
  });

  test('ends with 0 where the mirror gets its credential', async () => {
    using home = temporaryDirectory();
    const command = explain(DEMO_IMAGE, '-n', TENANT, '--probe', '-o', 'json');
    const { code, stdout, stderr } = await run(command, { home: home.path });
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
    expect([code, stderr]).toEqual([0, '']);
  });

  test('writes nothing where the plugin would', async () => {
    using home = temporaryDirectory();
    await run(explain(DEMO_IMAGE, '-n', TENANT), { home: home.path });
    expect(existsSync(cluster.authDir)).toBe(false);
  });

  test('tells wrong use with exit code 2 and what is allowed', async () => {
    using home = temporaryDirectory();
    const { code, stdout, stderr } = await run(explain(DEMO_IMAGE), { home: home.path });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toStartWith('pullkey: -n NAMESPACE is missing');
  });

  const script = realProgram('script');
  script.test('shows on a terminal what it waits for, and takes it away again', async () => {
    using home = temporaryDirectory();
    const command = `${explain(DEMO_IMAGE, '-n', TENANT, '--probe').join(' ')} >/dev/null`;
    const { stdout } = await run([script.path, '-qec', command, '/dev/null'], { home: home.path });
    expect(stdout.split('\r\x1b[K')).toEqual([
      '',
      'asking the API server …',
      'asking 2 of 2 endpoints …',
      '',
    ]);
  });
});
