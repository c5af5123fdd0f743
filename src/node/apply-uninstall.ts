import { Failure } from '../diagnostics/errors.ts';
import { removeEmptyDirectories } from './directories.ts';
import { REGISTRIES_DROP_IN } from './extra-files.ts';
import type { InstallState } from './install-state.ts';
import { waitForKubelet } from './kubelet-health.ts';
import { writeWhole } from './make-changes.ts';
import type { DirectoryTree } from './node-tree.ts';
import type { UninstallPlan } from './plan-uninstall.ts';
import { type Restarting, reloadCrio, type Services } from './services.ts';

/**
 * Puts a node back as it was, all or nothing, and then forgets what was kept for that. With
 * `services.health` the kubelet is restarted and waited for; throws a Failure where it does not come up,
 * and may be run again. Returns what people should know besides.
 */
export async function applyUninstall(
  tree: DirectoryTree,
  plan: UninstallPlan,
  state: InstallState,
  services: Services | undefined,
): Promise<readonly string[]> {
  writeWhole(tree, plan.changes);
  removeEmptyDirectories(tree, state.directories.toReversed());
  const notes = state.isEmpty ? [] : await tellServices(plan, state, services);
  state.remove();
  return notes;
}

async function tellServices(
  plan: UninstallPlan,
  state: InstallState,
  services: Services | undefined,
): Promise<readonly string[]> {
  const hadMirrors = state.has(REGISTRIES_DROP_IN);
  const { control, health } = services ?? {};
  if (control === undefined || health === undefined) return reloadCrio(control, hadMirrors);
  await restarted(plan, hadMirrors, { control, health });
  return [];
}

async function restarted(
  { service, configHash }: UninstallPlan,
  hadMirrors: boolean,
  { control, health }: Restarting,
): Promise<void> {
  try {
    await control.run('daemon-reload');
    if (hadMirrors) await control.run('reload', 'crio');
    await control.run('restart', service);
    await waitForKubelet(health, configHash);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(
      `everything of ours is gone, but ${error.message}; see journalctl -u ${service}`,
      { cause: error },
    );
  }
}
