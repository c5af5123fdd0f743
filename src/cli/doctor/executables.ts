import { posix } from 'node:path';
import { plain } from '../../diagnostics/plain.ts';
import { shellWord } from '../../diagnostics/shell-word.ts';
import { ownershipOf } from '../../node/ownership.ts';
import { MIRROR_PROVIDER } from '../../platform/overlay.ts';
import { GENERIC_PROVIDER } from '../../platform/provider-entry.ts';
import { broken, type Outcome, ok, warning } from './check.ts';
import {
  EXECUTE_BITS,
  formatProblem,
  type PluginFile,
  permissionProblem,
} from './executable-problems.ts';
import type { NodeCheck } from './node-check.ts';
import { type NodeWorld, providersOf } from './node-world.ts';
import { originOf } from './origin.ts';
import { installing, placeOf } from './remedies.ts';

/** Whether each configured provider has its executable, under its name, fit to be run as root here. */
export const executables: NodeCheck = { id: 'executable', look };

const OURS: readonly string[] = [MIRROR_PROVIDER, GENERIC_PROVIDER];

async function look(world: NodeWorld): Promise<readonly Outcome[]> {
  const { pluginDir: directory } = world.flags;
  if (directory === undefined) return [];
  const names = [...new Set(providersOf(world).map(({ name }) => name))];
  return Promise.all(
    names.map((name) => {
      const path = posix.join(directory, name);
      return lookAt(world, { name, path, directory, isOurs: OURS.includes(name) });
    }),
  );
}

async function lookAt(world: NodeWorld, plugin: PluginFile): Promise<Outcome> {
  const found = ownershipOf(world.tree, plugin.path, true);
  if (found?.kind !== 'file') return missing(world, plugin);
  const obstacle = permissionProblem(world, plugin, found) ?? formatProblem(world, plugin);
  if (obstacle !== undefined) return obstacle;
  const where = `in ${plain(plugin.directory)}`;
  if (!plugin.isOurs) return ok(`${plain(plugin.name)} is ${where}`);
  const origin = await originOf(world, plugin.name, plugin.path);
  if (origin?.program === 'Pullkey') {
    return ok(`${plugin.name} is Pullkey ${origin.version ?? ''} ${where}`.replace('  ', ' '));
  }
  const whose = origin === undefined ? 'a program that is not known' : `the original's`;
  const version = origin?.version === undefined ? '' : ` (${plain(origin.version)})`;
  return warning(`${plugin.name} is ${whose}${version} ${where}, not Pullkey's`, installing(world));
}

/** The kubelet looks for the provider's very name. */
function missing(world: NodeWorld, { name, directory, isOurs }: PluginFile): Outcome {
  const text = `there is no ${plain(name)} in ${plain(directory)}, and the kubelet does not start`;
  const other = isOurs ? misnamed(world, name, directory) : undefined;
  if (other !== undefined) {
    const command = `ln -sf ${shellWord(other)} ${placeOf(world, posix.join(directory, name))}`;
    return broken(`${text}; ${plain(other)} is there, but a name has to be the provider's`, {
      command,
    });
  }
  if (isOurs) return broken(text, installing(world));
  const change = `put it there, or take the provider out of ${plain(world.flags.config ?? '')}`;
  return broken(text, { change });
}

/** Ours under its own name, or under one with another case or something behind it. */
function misnamed({ tree }: NodeWorld, name: string, directory: string): string | undefined {
  return tree.list(directory).find((one) => {
    const isNear = one === 'pullkey' || one.toLowerCase().startsWith(name);
    return isNear && ((tree.modeOf(`${directory}/${one}`) ?? 0) & EXECUTE_BITS) !== 0;
  });
}
