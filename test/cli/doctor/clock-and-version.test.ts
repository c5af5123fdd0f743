import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { ApiServer } from '../../../src/demo/api-server.ts';
import { body, type Fault } from '../../../src/demo/faults.ts';
import { diagnose } from '../../support/cluster-doctor.ts';
import { KUBEADM_DEB, nodeTree } from '../../support/node-trees.ts';

const SECOND_MS = 1_000;

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.stop());
afterEach(() => server.faults.clear());

/** The true answer with another time in it. */
function dated(date: string): Fault {
  return async (_, answer) => {
    const response = await answer();
    response.headers.set('Date', date);
    return response;
  };
}

describe('the clock', () => {
  async function seen(seconds: number, root?: string) {
    server.faults.always(dated(new Date(Date.now() + seconds * SECOND_MS).toUTCString()));
    return diagnose(server, root === undefined ? {} : { root });
  }

  test('agrees within ten seconds', async () => {
    expect((await seen(0)).of('clock')).toEqual(["ok: within 10 s of the API server's"]);
  });

  test('of a node may not be so far behind that tokens have expired', async () => {
    using node = nodeTree(KUBEADM_DEB);
    const behind = await seen(600, node.path);
    expect(behind.of('clock')).toEqual([
      "broken: this clock is 10 min behind the API server's: the kubelet shows tokens that have expired there",
    ]);
    expect(behind.remedyOf('clock')).toContain('timedatectl set-ntp true');
    const dates = 'certificates and tokens are dated by both';
    expect((await seen(60, node.path)).of('clock')[0]).toMatch(
      new RegExp(`^warning: this clock is (59|60|61) s behind the API server's: ${dates}$`),
    );
    expect((await seen(-600, node.path)).of('clock')).toEqual([
      `warning: this clock is 10 min ahead of the API server's: ${dates}`,
    ]);
  });

  test('of a workstation is worth a warning', async () => {
    const found = await seen(600);
    expect(found.of('clock')).toEqual(["warning: this clock is 10 min behind the API server's"]);
    expect(found.remedyOf('clock')).toContain('synchronise it');
  });

  test('is not judged where the server tells no time', async () => {
    server.faults.always(dated('yesterday'));
    const found = await diagnose(server);
    expect(found.of('clock')).toEqual(['unknown: the API server tells no time (Date)']);
  });
});

describe('the API server’s version', () => {
  async function seen(gitVersion: unknown) {
    server.faults.always(body(JSON.stringify({ gitVersion })), /^\/version$/);
    return diagnose(server);
  }
  const CHECK = 'api-server-version';

  test.each(['v1.34.0', 'v1.34.1+k3s1', 'v1.40.2-gke.100'])('%s is new enough', async (version) => {
    expect((await seen(version)).of(CHECK)).toEqual([
      `ok: Kubernetes ${version}; 1.34 or later is needed`,
    ]);
  });

  test('1.33 has a feature gate', async () => {
    const found = await seen('v1.33.4');
    expect(found.of(CHECK)).toEqual([
      'warning: Kubernetes v1.33.4: its kubelets need the feature gate KubeletServiceAccountTokenForCredentialProviders',
    ]);
    expect(found.remedyOf(CHECK)).toEndWith('or switch it on for each kubelet');
  });

  test('older ones are of no use', async () => {
    const found = await seen('v1.32.9');
    expect(found.of(CHECK)).toEqual([
      'broken: Kubernetes v1.32.9: its kubelets send plugins no tokens',
    ]);
    expect(found.remedyOf(CHECK)).toBe('upgrade the cluster to Kubernetes 1.34 or later');
  });

  test.each([undefined, 34, 'v2', 'v1.x'])('%p tells nothing', async (version) => {
    expect((await seen(version)).of(CHECK)).toEqual([
      'unknown: the API server does not tell its version',
    ]);
  });
});
