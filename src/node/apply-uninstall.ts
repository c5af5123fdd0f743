import { Failure } from '../diagnostics/errors.ts';
import type { Restarting } from './apply-install.ts';
import type { InstallState } from './install-state.ts';
import { waitForKubelet } from './kubelet-health.ts';
import type { DirectoryTree } from './node-tree.ts';
import { REGISTRIES_DROP_IN } from './plan-install.ts';
import type { UninstallPlan } from './plan-uninstall.ts';
import { removeEmptyDirectories, writeSnapshot } from './write-snapshot.ts';

/**
 * Puts a node back as it was, and forgets what was kept for that. With `restarting` the kubelet is
 * restarted and waited for; throws a Failure where it does not come up.
 */
export async function applyUninstall(
  tree: DirectoryTree,
  { changes, service, configHash }: UninstallPlan,
  state: InstallState,
  restarting: Restarting | undefined,
): Promise<void> {
  const { directories } = state;
  for (const { path, after } of changes) writeSnapshot(tree, path, after);
  removeEmptyDirectories(tree, directories.toReversed());
  state.remove();
  removeEmptyDirectories(tree, directories.toReversed());
  if (restarting === undefined || changes.length === 0) return;
  const { control, health } = restarting;
  await control.run('daemon-reload');
  if (changes.some(({ path }) => path === REGISTRIES_DROP_IN)) await control.run('reload', 'crio');
  try {
    await control.run('restart', service);
    await waitForKubelet(health, configHash);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(
      `everything of ours is gone, but ${error.message}; see journalctl -u ${service}`,
    );
  }
}
