import { plain } from '../../diagnostics/plain.ts';
import { flagsIn } from '../../node/kubelet-flags.ts';
import { broken, type Outcome, ok, warning } from './check.ts';
import type { NodeCheck } from './node-check.ts';
import type { NodeWorld } from './node-world.ts';
import { installing, restarting } from './remedies.ts';

/** Whether the kubelet gets the two flags without which it runs no plugin. */
export const kubeletFlags: NodeCheck = { id: 'kubelet-flags', look };

function look(world: NodeWorld): Outcome {
  const { config, pluginDir } = world.flags;
  const missing = [
    ...(pluginDir === undefined ? ['--image-credential-provider-bin-dir'] : []),
    ...(config === undefined ? ['--image-credential-provider-config'] : []),
  ];
  if (missing.length > 0) {
    const text = `the kubelet is given no ${missing.join(' and no ')}, so it runs no plugin`;
    return broken(text, isInFiles(world) ? restarting(world) : installing(world));
  }
  if (isOutdated(world)) {
    return warning(
      'the kubelet runs with other flags for its plugins than its files give it now',
      restarting(world),
    );
  }
  return ok(`plugins of ${plain(pluginDir ?? '')}, configured in ${plain(config ?? '')}`);
}

/** Whether the files have what a running kubelet lacks. */
function isInFiles({ configured }: NodeWorld): boolean {
  return configured.config !== undefined && configured.pluginDir !== undefined;
}

/** Whether a running kubelet was started with other values than it would be now. */
function isOutdated({ running, kind, commandLine, configured }: NodeWorld): boolean {
  if (running.length !== 1 || kind === 'microshift' || kind === 'k3s') return false;
  const { config, pluginDir } = flagsIn(commandLine);
  return configured.config !== config || configured.pluginDir !== pluginDir;
}
