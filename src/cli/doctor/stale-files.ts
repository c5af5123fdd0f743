import { staleFiles } from '../../authfile/clean-up.ts';
import { plain } from '../../diagnostics/plain.ts';
import { ownershipOf } from '../../node/ownership.ts';
import { type Outcomes, ok, warning } from './check.ts';
import type { NodeCheck } from './node-check.ts';
import { type NodeWorld, usesMirrorProvider } from './node-world.ts';
import { placeOf } from './remedies.ts';

/** Whether passwords lie about that CRI-O never took. */
export const staleAuthFiles: NodeCheck = { id: 'stale-auth-files', look };

const MINUTE_MS = 60_000;
/** What the plugin's default is, for nodes where it never cleans up. */
const HOUR_MS = 60 * MINUTE_MS;

function look(world: NodeWorld): Outcomes {
  const { authDir, staleAfter } = world.plugin.options;
  const isThere = ownershipOf(world.tree, authDir, false)?.kind === 'directory';
  if (!usesMirrorProvider(world) || !isThere) return [];
  const age = staleAfter === 0 ? HOUR_MS : staleAfter;
  const stale = staleFiles(world.tree.locate(authDir, false), age);
  if (stale.length === 0) return ok(`no auth file waits in ${plain(authDir)} that nobody took`);
  const files = `${stale.length} auth ${stale.length === 1 ? 'file' : 'files'}`;
  const minutes = Math.ceil(age / MINUTE_MS);
  return warning(
    `${files} with passwords, older than ${minutes} min, lie unused in ${plain(authDir)}`,
    {
      // find(1) counts whole minutes, and +N is more than N.
      command: `find ${placeOf(world, authDir)} -maxdepth 1 -type f -name '*-*' -mmin +${minutes - 1} -delete`,
    },
  );
}
