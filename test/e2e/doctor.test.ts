import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Registry } from '../../src/demo/registry.ts';
import { NODES, type NodeName } from '../support/doctor.ts';
import { canBeMachine, runOnMachine } from '../support/node-machine.ts';
import { nodeTree } from '../support/node-trees.ts';
import { runRemedies } from '../support/remedies.ts';

const PULLKEY = new URL('../../build/pullkey', import.meta.url).pathname;

interface Finding {
  readonly check: string;
  readonly verdict: string;
  readonly text: string;
}

function findings(report: string): readonly Finding[] {
  return JSON.parse(report).checks;
}

const NAMES: readonly NodeName[] = ['kubeadm', 'RHCOS', 'MicroShift', 'k3s'];

describe('the executable', () => {
  test.each(NAMES)(
    'finds itself installed on %s, after the commands that it tells',
    (name) => {
      using node = nodeTree(NODES[name]);
      const doctor = () =>
        Bun.spawnSync([PULLKEY, 'doctor', '--root', node.path, '-o', 'json'], { stdin: 'ignore' });
      const before = doctor();
      expect(before.exitCode).toBe(1);
      runRemedies(before.stdout.toString());
      const { exitCode, stdout } = doctor();
      expect(exitCode).toBe(0);
      expect(findings(stdout.toString())).toContainEqual(
        expect.objectContaining({
          check: 'executable',
          verdict: 'ok',
          text: expect.stringMatching(/^crio-credential-provider is Pullkey \S+ in /),
        }),
      );
    },
    120_000,
  );
});

describe.skipIf(!canBeMachine)('on a machine that is a node', () => {
  let mirror: Registry;
  beforeAll(() => {
    mirror = Registry.start({});
  });
  afterAll(() => mirror.stop());

  /** Bash in the place of kubelet and CRI-O: it stays, and tells a version when it is asked. */
  const START = `
run() { bash -c 'name=$1; shift; exec -a "$name" bash -c "sleep 600; :" "$name" "$@"' bash "$@" & }
`;
  const FLAGS = `
config=/etc/kubernetes/credential-provider-config.yaml
plugins=/usr/libexec/kubelet-image-credential-provider-plugins
`;
  const DOCTOR = 'pullkey doctor -o json --timeout 1s';

  async function verdicts(script: string): Promise<ReadonlyMap<string, Finding>> {
    using node = nodeTree({
      ...NODES.kubeadm,
      '/etc/containers/registries.conf': `[[registry]]\nlocation = "docker.io"\n[[registry.mirror]]\nlocation = "${mirror.host}"\ninsecure = true\n`,
    });
    const { stdout, stderr } = await runOnMachine(node.path, START + FLAGS + script);
    expect(stderr).not.toContain('pullkey:');
    return new Map(findings(stdout).map((finding) => [finding.check, finding]));
  }

  test('everything is seen: processes, their flags and versions, the plugin itself', async () => {
    const found = await verdicts(`
pullkey install --audience https://a.example > /dev/null 2>&1
sleep 2.5
run /usr/bin/kubelet --config=/var/lib/kubelet/config.yaml --image-credential-provider-config=$config --image-credential-provider-bin-dir=$plugins
run crio
sleep 1
${DOCTOR}
`);
    const expected = {
      kubelet: /^process \d+ runs it since 20/,
      'kubelet-flags': /^plugins of /,
      executable: /^crio-credential-provider is Pullkey \S+ in /,
      'credential-provider-config': / is valid, with crio-credential-provider$/,
      'feature-gate': /^the kubelet \S+ sends tokens/,
      'crio-version': /as the running process tells/,
      'crio-registries': /^CRI-O \(process \d+\) has read registries\.conf at its start$/,
      mirrors: / answers as a registry$/,
      'image-pulls': /^the kubelet pulls several/,
    };
    for (const [check, text] of Object.entries(expected)) {
      expect(found.get(check)).toMatchObject({
        check,
        verdict: 'ok',
        text: expect.stringMatching(text),
      });
    }
    expect(found.has('left-out')).toBe(false);
    expect(found.get('plugin-metrics')).toMatchObject({ verdict: 'unknown' });
  }, 120_000);

  test('what does not run is told', async () => {
    const found = await verdicts(`run /usr/bin/kubelet --v=2; sleep 1; ${DOCTOR}`);
    expect(found.get('kubelet-flags')).toMatchObject({ verdict: 'broken' });
    expect(found.get('crio-registries')).toMatchObject({
      verdict: 'broken',
      text: 'CRI-O does not run',
    });
    const none = await verdicts(DOCTOR);
    expect(none.get('kubelet')).toMatchObject({ verdict: 'broken' });
  }, 120_000);
});
