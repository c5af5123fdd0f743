import { Failure } from '../diagnostics/errors.ts';
import { REGISTRIES_DROP_IN } from './extra-files.ts';
import type { InstallState } from './install-state.ts';
import { type HashAnswer, runsWith, waitForKubelet } from './kubelet-health.ts';
import { makeChanges, putBack } from './make-changes.ts';
import type { DirectoryTree } from './node-tree.ts';
import type { InstallPlan } from './plan-install.ts';
import { type Restarting, reloadCrio, type Services } from './services.ts';

/** What an installation came to. */
export interface Installed {
  readonly isChanged: boolean;
  /** Undefined where the kubelet was not restarted. */
  readonly hash: HashAnswer | undefined;
  /** What people should know besides. */
  readonly notes: readonly string[];
}

const UNCHANGED: Installed = { isChanged: false, hash: undefined, notes: [] };

/**
 * Makes the changes of a plan, all or none. With `services.health` it restarts the kubelet and waits for
 * it; where it does not come up, everything since the last one that did is put back. Throws a Failure then.
 */
export async function applyInstall(
  tree: DirectoryTree,
  plan: InstallPlan,
  state: InstallState,
  services: Services | undefined,
): Promise<Installed> {
  state.removeStaged();
  const { health } = services ?? {};
  if (health !== undefined && state.untried !== undefined) {
    if (await runsWith(health, state.untried)) state.commit();
  }
  const isUntried = health !== undefined && state.untried !== undefined;
  if (plan.changes.length === 0 && !state.isUnfinished && !isUntried) return UNCHANGED;
  makeChanges(tree, plan.changes, state);
  if (services === undefined || health === undefined) {
    const notes = await reloadCrio(services?.control, state.isPending(REGISTRIES_DROP_IN));
    const unnoted = noted(() => state.leave(plan.configHash));
    return { isChanged: true, hash: undefined, notes: [...notes, ...unnoted] };
  }
  const hash = await restarted(tree, plan, state, { control: services.control, health });
  return { isChanged: true, hash, notes: noted(() => state.commit()) };
}

/** Notes the end of a run. Where that cannot be written, everything is in its place all the same. */
function noted(note: () => void): readonly string[] {
  try {
    note();
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [`${error.message}; then run this again, which brings it to its end`];
  }
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
    if (state.isPending(REGISTRIES_DROP_IN)) await control.run('reload', 'crio');
    await control.run('restart', plan.service);
    return await waitForKubelet(health, plan.configHash);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw await takenBack(tree, plan, state, { control, reason: error });
  }
}

/** The failure to tell, after everything is as it was before. */
async function takenBack(
  tree: DirectoryTree,
  { service }: InstallPlan,
  state: InstallState,
  { control, reason }: Pick<Restarting, 'control'> & { readonly reason: Failure },
): Promise<Failure> {
  const hadMirrors = state.isPending(REGISTRIES_DROP_IN);
  putBack(tree, state.before(), reason);
  state.takeBack();
  const again = `see journalctl -u ${service}`;
  try {
    await control.run('daemon-reload');
    if (hadMirrors) await control.run('reload', 'crio');
    await control.run('restart', service);
  } catch (error) {
    const second = error instanceof Failure ? error.message : String(error);
    return new Failure(
      `${reason.message}; everything was put back, but ${service} could not be restarted: ${second}; ${again}`,
    );
  }
  return new Failure(
    `${reason.message}; everything was put back and ${service} restarted; ${again}`,
  );
}
