import { plain } from '../../diagnostics/plain.ts';
import { type ComponentVersion, isAtLeast, versionOnDisk } from '../../node/component-versions.ts';
import { isCrioInstalled } from '../../node/crio-settings.ts';
import { broken, type Outcome, type Outcomes, ok, unknown } from './check.ts';
import type { NodeCheck } from './node-check.ts';
import { type NodeWorld, usesMirrorProvider } from './node-world.ts';
import { versionOfRunning } from './running-version.ts';

/** Whether CRI-O is there, and new enough to take auth files of namespaces. */
export const crioVersion: NodeCheck = { id: 'crio-version', look };

async function look(world: NodeWorld): Promise<Outcomes> {
  if (!usesMirrorProvider(world)) return [];
  const { tree, kind, machine } = world;
  const running = machine?.services('crio') ?? [];
  const version = await versionOfRunning(world, running);
  const found = version ?? versionOnDisk(tree, kind, 'crio');
  if (found !== undefined) return judge(found);
  if (running.length === 0 && !isCrioInstalled(tree)) {
    return broken('there is no CRI-O on this node, and nothing else takes auth files', {
      change: 'install CRI-O 1.34 or later, and let the kubelet use it',
    });
  }
  return unknown('nothing here tells the version of CRI-O, which has to be 1.34 or later', {
    change: 'run crio --version there',
  });
}

function judge(version: ComponentVersion): Outcome {
  const text = `CRI-O ${plain(version.text)}, as ${version.from} tells,`;
  if (isAtLeast(version, 1, 34)) return ok(`${text} takes auth files of namespaces`);
  return broken(`${text} takes no auth files of namespaces`, {
    change: 'upgrade it to 1.34 or later',
  });
}
