import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../diagnostics/errors.ts';
import { parseDuration, toMilliseconds } from '../kubelet/duration.ts';
import { type RunningKubelet, runningKubelets } from '../kubelet/running-kubelet.ts';
import { readKubeconfigUser } from '../kubernetes/kubeconfig-user.ts';
import type { Restarting } from '../node/apply-install.ts';
import type { HealthCheck } from '../node/kubelet-health.ts';
import { kubeletIdentity } from '../node/kubelet-identity.ts';
import type { DirectoryTree } from '../node/node-tree.ts';
import { serviceControl } from '../node/service-control.ts';

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

/** How to restart, where that is asked for. Throws a UsageError where another root's kubelet has no control. */
export function restartingOf(tree: DirectoryTree, options: NodeOptions): Restarting | undefined {
  if (options.restart === undefined) return undefined;
  if (!tree.isThisMachine && options.kubeletControl === undefined) {
    throw new UsageError('--restart with --root also needs --kubelet-control PROGRAM');
  }
  const { healthzUrl, metricsUrl, timeout: timeoutMs } = options;
  const health = { healthzUrl, metricsUrl, timeoutMs, identity: clientIdentity(tree) };
  return { control: serviceControl(options.kubeletControl), health };
}

/** The kubelet's own certificate on this machine; without one it tells its health, but no metrics. */
export function clientIdentity(tree: DirectoryTree): HealthCheck['identity'] {
  if (!tree.isThisMachine) return undefined;
  const { kubeconfig } = kubeletIdentity(tree, runningCommandLine(tree) ?? []);
  if (kubeconfig === undefined) return undefined;
  try {
    const identity = readKubeconfigUser(kubeconfig);
    return 'certificate' in identity ? identity : undefined;
  } catch {
    return undefined;
  }
}
