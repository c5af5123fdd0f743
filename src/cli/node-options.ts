import { statSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { parseDuration, toMilliseconds } from '../kubelet/duration.ts';
import { type RunningKubelet, runningKubelets } from '../kubelet/running-kubelet.ts';
import { readKubeconfigUser } from '../kubernetes/kubeconfig-user.ts';
import type { ClientIdentity } from '../node/kubelet-health.ts';
import { kubeletIdentity } from '../node/kubelet-identity.ts';
import { DirectoryTree } from '../node/node-tree.ts';
import { serviceControl } from '../node/service-control.ts';
import type { Services } from '../node/services.ts';

/** What `install` and `uninstall` are told of the node. */
export interface NodeOptions {
  readonly root: string;
  readonly dryRun?: true;
  readonly restart?: true;
  readonly kubeletControl?: string;
  readonly timeout: number;
  readonly healthzUrl: string;
  readonly metricsUrl: string;
  readonly output: 'text' | 'json';
}

/** Gives a command the options of NodeOptions, but for the output. */
export function addNodeOptions(command: Command): Command {
  return command
    .option('--root <directory>', "the node's files, by default this machine's", '/')
    .option('--dry-run', 'show what would change, and change nothing')
    .option(
      '--restart',
      'restart the kubelet, wait until it is healthy and has read its configuration, else put everything back',
    )
    .option(
      '--kubelet-control <program>',
      'runs instead of systemctl, with the same words: daemon-reload, restart SERVICE, reload crio',
    )
    .option(
      '--timeout <duration>',
      'how long the kubelet may take to come up',
      milliseconds,
      60_000,
    )
    .option('--healthz-url <url>', "the kubelet's health", 'http://127.0.0.1:10248/healthz')
    .option('--metrics-url <url>', "the kubelet's metrics", 'https://127.0.0.1:10250/metrics');
}

function milliseconds(text: string): number {
  const duration = parseDuration(text);
  if (typeof duration === 'bigint' && duration >= 0n) return toMilliseconds(duration);
  throw new InvalidArgumentError('Expected a duration such as 90s or 2m.');
}

/** The command line of this machine's kubelet, where exactly one runs; none for other roots. */
export function runningCommandLine(
  tree: DirectoryTree,
  running: () => readonly RunningKubelet[] = runningKubelets,
): readonly string[] | undefined {
  if (!tree.isThisMachine) return undefined;
  const kubelets = running();
  return kubelets.length === 1 ? kubelets[0]?.args : undefined;
}

/** The files of the node. Throws a UsageError where `--root` names no directory. */
export function nodeTreeOf({ root }: NodeOptions): DirectoryTree {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() === true)
    return new DirectoryTree(root);
  throw new UsageError(
    `--root ${plain(root)} is no directory; name the one that holds the node's files`,
  );
}

/**
 * How services are told of changes; undefined where nobody is to be told, because the files are another
 * machine's. Throws a UsageError where a restart is asked for there without a program that does it.
 */
export function servicesOf(tree: DirectoryTree, options: NodeOptions): Services | undefined {
  const { restart, kubeletControl } = options;
  if (!tree.isThisMachine && kubeletControl === undefined) {
    if (restart === undefined) return undefined;
    throw new UsageError('--restart with --root also needs --kubelet-control PROGRAM');
  }
  const control = serviceControl(kubeletControl);
  if (restart === undefined) return { control, health: undefined };
  const { healthzUrl, metricsUrl, timeout: timeoutMs } = options;
  return {
    control,
    health: { healthzUrl, metricsUrl, timeoutMs, identities: clientIdentities(tree) },
  };
}

/** Kubeconfigs of administrators that nodes with a control plane hold: kubeadm, k3s, MicroShift. */
const ADMINISTRATORS: readonly string[] = [
  '/etc/kubernetes/admin.conf',
  '/etc/rancher/k3s/k3s.yaml',
  '/var/lib/microshift/resources/kubeadmin/kubeconfig',
];

/** As whom the kubelet may be asked for its metrics: itself, where the cluster lets it, or an administrator. */
export function clientIdentities(tree: DirectoryTree): readonly ClientIdentity[] {
  if (!tree.isThisMachine) return [];
  const { kubeconfig } = kubeletIdentity(tree, runningCommandLine(tree) ?? []);
  return [...(kubeconfig === undefined ? [] : [kubeconfig]), ...ADMINISTRATORS].flatMap((path) => {
    try {
      const identity = readKubeconfigUser(path);
      return 'certificate' in identity ? [identity] : [];
    } catch {
      return [];
    }
  });
}
