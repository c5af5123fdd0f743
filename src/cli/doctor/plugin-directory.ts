import { plain } from '../../diagnostics/plain.ts';
import { ownershipOf } from '../../node/ownership.ts';
import { broken, type Outcomes, ok } from './check.ts';
import type { NodeCheck } from './node-check.ts';
import type { NodeWorld } from './node-world.ts';
import { installCommand, installing, onTarget } from './remedies.ts';

/** Whether the directory that the kubelet takes plugins from is there, and root's alone. */
export const pluginDirectory: NodeCheck = { id: 'plugin-directory', look };

function look(world: NodeWorld): Outcomes {
  const { pluginDir } = world.flags;
  if (pluginDir === undefined) return [];
  const found = ownershipOf(world.tree, pluginDir, true);
  const name = plain(pluginDir);
  // k3s gives its kubelet the flags only once there is something.
  const effect = world.kind === 'k3s' ? 'k3s runs no plugin' : 'the kubelet does not start';
  if (found === undefined) return broken(`there is no ${name}, so ${effect}`, installing(world));
  if (found.kind !== 'directory') {
    return broken(`${name} is no directory, so ${effect}`, {
      change: `move it away, then ${installCommand(world)}`,
    });
  }
  if (!found.isTrusted) {
    return broken(
      `${name} belongs to the user ${found.uid}, who can have the kubelet run anything as root`,
      onTarget(world, pluginDir, 'chown root:root'),
    );
  }
  if (found.isOpen) {
    return broken(
      `others than root can write ${name}, and have the kubelet run anything as root`,
      onTarget(world, pluginDir, 'chmod go-w'),
    );
  }
  return ok(`${name} is there, and root's alone`);
}
