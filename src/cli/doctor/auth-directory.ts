import { plain } from '../../diagnostics/plain.ts';
import { ownershipOf } from '../../node/ownership.ts';
import { broken, type Outcomes, ok, warning } from './check.ts';
import type { NodeCheck } from './node-check.ts';
import { type NodeWorld, usesMirrorProvider } from './node-world.ts';
import { on, placeOf } from './remedies.ts';

/** Whether the directory through which CRI-O gets passwords is a real one, and root's alone. */
export const authDirectory: NodeCheck = { id: 'auth-directory', look };

const PRIVATE = 0o700;

function look(world: NodeWorld): Outcomes {
  if (!usesMirrorProvider(world)) return [];
  const { authDir } = world.plugin.options;
  const found = ownershipOf(world.tree, authDir, false);
  const name = plain(authDir);
  if (found === undefined) return ok(`${name} is made at the first pull`);
  const place = placeOf(world, authDir);
  if (found.kind !== 'directory') {
    const what = found.kind === 'link' ? 'a link' : 'no directory';
    const command = `rm ${place} && mkdir -m 0700 ${place}`;
    return broken(`${name} is ${what}, and the plugin writes no passwords there`, { command });
  }
  if (found.isOpen) {
    const text = `others than root can write ${name}, and the plugin writes no passwords there`;
    return broken(text, on(world, authDir, 'chmod 0700'));
  }
  if (!found.isTrusted) {
    const text = `${name} belongs to the user ${found.uid}, and the plugin writes no passwords there`;
    return broken(text, on(world, authDir, 'chown root:root'));
  }
  if (found.mode !== PRIVATE) {
    const text = `others than root can list ${name} (mode ${found.mode.toString(8).padStart(4, '0')})`;
    return warning(text, on(world, authDir, 'chmod 0700'));
  }
  return ok(`${name} is root's alone`);
}
