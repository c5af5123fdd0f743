import { plain } from '../../diagnostics/plain.ts';
import { shellWord } from '../../diagnostics/shell-word.ts';
import { broken, type Check, type Outcome, ok, warning } from './check.ts';
import type { NodeWorld } from './node-world.ts';
import { installCommandFor } from './remedies.ts';

/** Whether the kubelet gets the two flags without which it runs no plugin. */
export const kubeletFlags: Check<NodeWorld> = { id: 'kubelet-flags', look };

function look(world: NodeWorld): Outcome {
  const { config, pluginDir } = world.flags;
  const missing = [
    ...(pluginDir === undefined ? ['--image-credential-provider-bin-dir'] : []),
    ...(config === undefined ? ['--image-credential-provider-config'] : []),
  ];
  if (missing.length > 0) {
    const text = `the kubelet is given no ${missing.join(' and no ')}, so it runs no plugin`;
    return broken(text, { command: installCommandFor(world) });
  }
  const differing = isOutdated(world);
  if (differing) {
    return warning(
      'the kubelet runs with other flags for its plugins than its files say, so a restart changes them',
      { command: `systemctl daemon-reload && systemctl restart ${shellWord(world.service)}` },
    );
  }
  return ok(`plugins of ${plain(pluginDir ?? '')}, configured in ${plain(config ?? '')}`);
}

/** Whether a running kubelet was started with other values than it would be now. */
function isOutdated({ running, configured, flags }: NodeWorld): boolean {
  if (running?.length !== 1) return false;
  return configured.config !== flags.config || configured.pluginDir !== flags.pluginDir;
}
