import { Failure } from '../diagnostics/errors.ts';
import type { InstallState } from './install-state.ts';
import { type HashAnswer, type HealthCheck, waitForKubelet } from './kubelet-health.ts';
import type { DirectoryTree } from './node-tree.ts';
import { type InstallPlan, REGISTRIES_DROP_IN } from './plan-install.ts';
import type { PlannedChange } from './planned-change.ts';
import type { ServiceControl } from './service-control.ts';
import { removeEmptyDirectories, writeSnapshot } from './write-snapshot.ts';

/** How services are restarted, and how a kubelet's health is seen. */
export interface Restarting {
  readonly control: ServiceControl;
  readonly health: HealthCheck;
}

/** What an installation came to. */
export interface Installed {
  readonly isChanged: boolean;
  /** Undefined where the kubelet was not restarted. */
  readonly hash: HashAnswer | undefined;
}

/**
 * Makes the changes of a plan, each in one step. With `restarting` it restarts the kubelet and waits for
 * it; where it does not come up, everything of this run, and of one before it that was cut short, is put
 * back. Throws a Failure then.
 */
export async function applyInstall(
  tree: DirectoryTree,
  plan: InstallPlan,
  state: InstallState,
  restarting: Restarting | undefined,
): Promise<Installed> {
  const { changes } = plan;
  const isUnfinished = state.isPending;
  if (changes.length === 0 && !isUnfinished) return { isChanged: false, hash: undefined };
  if (changes.length > 0) state.begin(changes);
  for (const { path, after } of changes) writeSnapshot(tree, path, after);
  const hash = restarting && (await restarted(tree, plan, state, restarting));
  state.commit();
  return { isChanged: true, hash };
}

async function restarted(
  tree: DirectoryTree,
  plan: InstallPlan,
  state: InstallState,
  restarting: Restarting,
): Promise<HashAnswer> {
  const { control, health } = restarting;
  try {
    await control.run('daemon-reload');
    if (plan.changes.some(isForCrio)) await control.run('reload', 'crio');
    await control.run('restart', plan.service);
    return await waitForKubelet(health, plan.configHash);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw await takenBack(tree, plan, state, { restarting, reason: error.message });
  }
}

function isForCrio({ path }: PlannedChange): boolean {
  return path === REGISTRIES_DROP_IN;
}

/** The failure to tell, after everything is as it was before. */
async function takenBack(
  tree: DirectoryTree,
  plan: InstallPlan,
  state: InstallState,
  { restarting, reason }: { readonly restarting: Restarting; readonly reason: string },
): Promise<Failure> {
  for (const { path, snapshot } of state.before()) writeSnapshot(tree, path, snapshot);
  const { directories } = state;
  state.takeBack();
  removeEmptyDirectories(tree, directories.toReversed());
  try {
    await restarting.control.run('daemon-reload');
    await restarting.control.run('restart', plan.service);
  } catch (error) {
    const second = error instanceof Failure ? error.message : String(error);
    return new Failure(
      `${reason}; everything was put back, but ${plan.service} could not be restarted: ${second}; see journalctl -u ${plan.service}`,
    );
  }
  return new Failure(
    `${reason}; everything was put back and ${plan.service} restarted; see journalctl -u ${plan.service}`,
  );
}
