import { expect } from 'bun:test';
import { chmodSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check, Finding, Verdict } from '../../src/cli/doctor/check.ts';
import type { Machine, ProgramRun } from '../../src/cli/doctor/machine.ts';
import {
  type NodeFlags,
  type NodeSurroundings,
  type NodeWorld,
  nodeWorld,
} from '../../src/cli/doctor/node-world.ts';
import { runChecks } from '../../src/cli/doctor/run-checks.ts';
import { DirectoryTree } from '../../src/node/node-tree.ts';
import type { RunningService } from '../../src/node/running-service.ts';
import { install } from './install.ts';
import { K3S, KUBEADM_DEB, MICROSHIFT, type NodeFiles, nodeTree, RHCOS } from './node-trees.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** The first bytes of a program for amd64, which are text as well. */
export const ELF_AMD64 = `\x7fELF\x02\x01\x01${'\0'.repeat(9)}\x02\0\x3e\0\x01\0\0\0`;

/** What the executable of a build holds, as far as it is looked at. */
export const OUR_PROGRAM = `${ELF_AMD64}…pullkey.dev/pull-secrets…{version:"0.1.0",gitCommit:"0a1b"}`;

const CRIO: NodeFiles = {
  '/usr/lib/systemd/system/crio.service': '[Service]\nExecStart=/usr/bin/crio\n',
  '/etc/crio/crio.conf.d/10-crio.conf':
    '[crio.image]\nglobal_auth_file = "/var/lib/kubelet/config.json"\n',
  '/usr/lib/systemd/systemd': ELF_AMD64,
};

const DPKG = [
  'Package: cri-o\nStatus: install ok installed\nVersion: 1.34.1-1.1\n',
  'Package: kubelet\nStatus: install ok installed\nVersion: 1.34.2-1.1\n',
].join('\n');

const PARALLEL =
  'kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nserializeImagePulls: false\n';

/** Trees as node-trees.ts has them, with what is beside pullkey's own on a node that works. */
export const NODES: Readonly<Record<'kubeadm' | 'RHCOS' | 'MicroShift' | 'k3s', NodeFiles>> = {
  kubeadm: {
    ...KUBEADM_DEB,
    ...CRIO,
    '/var/lib/kubelet/config.yaml': PARALLEL,
    '/var/lib/dpkg/status': DPKG,
  },
  RHCOS: {
    ...RHCOS,
    ...CRIO,
    '/etc/kubernetes/kubelet.conf': PARALLEL,
    '/etc/os-release': 'ID="rhcos"\nOPENSHIFT_VERSION="4.21"\n',
    '/usr/libexec/kubelet-image-credential-provider-plugins/ecr-credential-provider': ELF_AMD64,
  },
  MicroShift: {
    ...MICROSHIFT,
    ...CRIO,
    '/var/lib/microshift/resources/kubelet/config/config.yaml': PARALLEL,
    '/usr/share/microshift/release/release-x86_64.json': '{"release": {"base": "4.21.3"}}\n',
  },
  k3s: {
    ...K3S,
    ...CRIO,
    '/etc/rancher/k3s/config.yaml':
      'kubelet-arg:\n- feature-gates=KubeletServiceAccountTokenForCredentialProviders=true\n- serialize-image-pulls=false\n',
    '/var/lib/dpkg/status': DPKG,
  },
};

export type NodeName = keyof typeof NODES;

/** A node on which pullkey is installed and nothing is wrong. */
export async function healthyNode(
  name: NodeName = 'kubeadm',
  files: NodeFiles = {},
): Promise<ReturnType<typeof nodeTree>> {
  const node = nodeTree({ ...NODES[name], ...files });
  mkdirSync(join(node.path, '/etc/crio/auth'), { recursive: true, mode: 0o700 });
  await install(node.path, { executable: Buffer.from(OUR_PROGRAM), audience: 'https://a.example' });
  return node;
}

/** What stands in for this machine and its programs. */
export interface Surroundings extends NodeSurroundings {
  readonly flags?: NodeFlags;
}

/** What a check of the node half says of a tree. */
export function look(
  root: string,
  check: Check<NodeWorld>,
  { flags = {}, ...surroundings }: Surroundings = {},
): Promise<readonly Finding[]> {
  return runChecks([check], nodeWorld(new DirectoryTree(root), flags, surroundings));
}

/** What is to come out: the verdict, and a part of the line that people read. */
export interface Expected {
  readonly verdict: Verdict;
  readonly text: string | RegExp;
}

/** The one finding of that kind among those of a check. */
export function findingIn(findings: readonly Finding[], { verdict, text }: Expected): Finding {
  const isMeant = (one: Finding): boolean =>
    one.verdict === verdict &&
    (typeof text === 'string' ? one.text.includes(text) : text.test(one.text));
  const found = findings.find(isMeant);
  if (found === undefined) expect(findings).toEqual([expect.objectContaining({ verdict, text })]);
  return found ?? { check: '', verdict, text: '' };
}

/** Asserts that a tree is found broken, runs the command that is told, and asserts that it mends. */
export async function expectMending(
  root: string,
  check: Check<NodeWorld>,
  expected: Expected & { readonly command: RegExp },
  surroundings: Surroundings = {},
): Promise<void> {
  const before = await look(root, check, surroundings);
  const { remedy } = findingIn(before, expected);
  if (remedy === undefined || !('command' in remedy)) throw new Error('no command is told');
  expect(remedy.command).toMatch(expected.command);
  runRemedy(remedy.command);
  const after = await look(root, check, surroundings);
  expect(after.map(({ verdict, text }) => [verdict, text])).toEqual(
    after.map(({ text }) => ['ok', text]),
  );
  expect(after).not.toEqual([]);
}

/** Asserts a finding whose remedy is a change, makes that change, and asserts that all is well then. */
export async function expectChange(
  root: string,
  check: Check<NodeWorld>,
  expected: Expected & { readonly change: RegExp },
  make: () => void,
): Promise<void> {
  const { remedy } = findingIn(await look(root, check), expected);
  if (remedy === undefined || !('change' in remedy)) throw new Error('no change is told');
  expect(remedy.change).toMatch(expected.change);
  make();
  const after = await look(root, check);
  expect(after.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  expect(after).not.toEqual([]);
}

const MAIN = new URL('../../src/bin/main.ts', import.meta.url).pathname;

/** Runs a command as a person would, with `pullkey` from source. */
export function runRemedy(command: string): void {
  using tools = temporaryDirectory();
  const program = join(tools.path, 'program');
  writeFileSync(program, OUR_PROGRAM);
  const executable = `[ "$command" = install ] && set -- --executable '${program}' "$@"`;
  const run = `exec '${process.execPath}' '${MAIN}' "$command" "$@"`;
  const wrapper = join(tools.path, 'pullkey');
  writeFileSync(wrapper, `#!/bin/sh\ncommand=$1; shift\n${executable}\n${run}\n`);
  chmodSync(wrapper, 0o755);
  const env = { PATH: `${tools.path}:${process.env['PATH'] ?? ''}` };
  const { exitCode, stderr } = Bun.spawnSync(['sh', '-c', command], { env });
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr.toString() }).toEqual({
    exitCode: 0,
    stderr: '',
  });
}

/** A process as proc(5) shows it. */
export function service(pid: number, args: readonly string[] = []): RunningService {
  return {
    pid,
    args,
    startedAt: Date.parse('2026-01-02T03:04:05Z'),
    executable: `/proc/${pid}/exe`,
  };
}

/** A machine with these processes. */
export function machine(
  services: Readonly<Record<string, readonly RunningService[]>>,
  metrics: Awaited<ReturnType<Machine['metrics']>> = { problem: 'it was not asked' },
): Machine {
  return { seesAll: true, services: (name) => services[name] ?? [], metrics: async () => metrics };
}

/** Programs by their names' last part, with what they print. */
export function programs(
  outputs: Readonly<Record<string, string | ProgramRun>>,
  asked: string[][] = [],
): NonNullable<NodeSurroundings['run']> {
  return async (program, ...args) => {
    asked.push([program, ...args]);
    const output = outputs[program] ?? outputs[program.split('/').at(-1) ?? ''];
    if (output === undefined) return { problem: `${program} cannot be run (ENOENT)` };
    return typeof output === 'string' ? { code: 0, stdout: output, stderr: '' } : output;
  };
}

/** Every path below a directory with mode, owner, size and time of change, to see that nothing was touched. */
export function traceOf(root: string): readonly string[] {
  return readdirSync(root, { recursive: true })
    .map(String)
    .sort()
    .map((name) => {
      const { mode, uid, size, mtimeMs, ctimeMs } = lstatSync(join(root, name));
      return [name, mode.toString(8), uid, size, mtimeMs, ctimeMs].join(' ');
    });
}
