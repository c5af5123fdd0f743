import { applyInstall, type Installed } from '../../src/node/apply-install.ts';
import { applyUninstall } from '../../src/node/apply-uninstall.ts';
import type { FileOperations } from '../../src/node/file-operations.ts';
import { InstallState } from '../../src/node/install-state.ts';
import { DirectoryTree } from '../../src/node/node-tree.ts';
import { type InstallPlan, type InstallRequest, planInstall } from '../../src/node/plan-install.ts';
import { planUninstall } from '../../src/node/plan-uninstall.ts';
import type { Services } from '../../src/node/services.ts';

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

/** The same with another executable, images and mirrors. */
export const UPGRADE: Partial<InstallRequest> = {
  provider: 'both',
  executable: Buffer.from('a newer executable\n'),
  patterns: [{ pattern: 'quay.io' }],
  registriesDropIn: '# mirrors\n',
};

export function plan(root: string, rest: Partial<InstallRequest> = {}): InstallPlan {
  return planInstall(new DirectoryTree(root), installRequest(rest));
}

export async function install(
  root: string,
  rest: Partial<InstallRequest> = {},
  services?: Services,
): Promise<Installed> {
  const tree = new DirectoryTree(root);
  return applyInstall(tree, plan(root, rest), InstallState.load(tree), services);
}

/** Makes the changes through other operations. */
export async function installThrough(
  operations: FileOperations,
  root: string,
  rest: Partial<InstallRequest> = {},
): Promise<Installed> {
  const tree = new DirectoryTree(root, operations);
  return applyInstall(tree, plan(root, rest), InstallState.load(tree), undefined);
}

export async function uninstall(root: string, services?: Services): Promise<readonly string[]> {
  return uninstallFrom(new DirectoryTree(root), services);
}

/** Takes everything back through other operations. */
export async function uninstallThrough(operations: FileOperations, root: string): Promise<void> {
  await uninstallFrom(new DirectoryTree(root, operations), undefined);
}

async function uninstallFrom(
  tree: DirectoryTree,
  services: Services | undefined,
): Promise<readonly string[]> {
  const state = InstallState.load(tree);
  return applyUninstall(tree, planUninstall(tree, state), state, services);
}
