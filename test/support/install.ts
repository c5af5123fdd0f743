import { applyInstall, type Installed, type Restarting } from '../../src/node/apply-install.ts';
import { applyUninstall } from '../../src/node/apply-uninstall.ts';
import { InstallState } from '../../src/node/install-state.ts';
import { DirectoryTree } from '../../src/node/node-tree.ts';
import { type InstallPlan, type InstallRequest, planInstall } from '../../src/node/plan-install.ts';
import { planUninstall } from '../../src/node/plan-uninstall.ts';

export const EXECUTABLE = Buffer.from('our executable\n');

/** An installation of the mirror provider, as far as nothing else is said. */
export function installRequest(rest: Partial<InstallRequest> = {}): InstallRequest {
  return {
    provider: 'mirror',
    patterns: [{ pattern: 'docker.io' }],
    audience: undefined,
    registriesDropIn: undefined,
    executable: EXECUTABLE,
    running: undefined,
    ...rest,
  };
}

export function plan(root: string, rest: Partial<InstallRequest> = {}): InstallPlan {
  return planInstall(new DirectoryTree(root), installRequest(rest));
}

export async function install(
  root: string,
  rest: Partial<InstallRequest> = {},
  restarting?: Restarting,
): Promise<Installed> {
  const tree = new DirectoryTree(root);
  return applyInstall(tree, plan(root, rest), InstallState.load(tree), restarting);
}

/** Makes the changes through another view of the files. */
export async function installThrough(tree: DirectoryTree, root: string): Promise<Installed> {
  return applyInstall(tree, plan(root), InstallState.load(tree), undefined);
}

export async function uninstall(root: string): Promise<void> {
  return uninstallThrough(new DirectoryTree(root), root);
}

/** Takes everything back through another view of the files. */
export async function uninstallThrough(tree: DirectoryTree, root: string): Promise<void> {
  const result = planUninstall(new DirectoryTree(root), InstallState.load(new DirectoryTree(root)));
  await applyUninstall(tree, result, InstallState.load(tree), undefined);
}
