import { posix } from 'node:path';
import { plain } from '../../diagnostics/plain.ts';
import { broken, type Outcome, type Outcomes, ok, warning } from './check.ts';
import type { NodeCheck } from './node-check.ts';
import { type NodeWorld, usesMirrorProvider } from './node-world.ts';
import { placeOf } from './remedies.ts';

/** Whether there is room for auth files and images. */
export const disk: NodeCheck = { id: 'disk', look };

const MIB = 1024 * 1024;
/** An auth file may hold the whole global one. */
const LEAST_FOR_AUTH_FILES = 4 * MIB;
const IMAGES = '/var/lib/containers/storage';
/** Below this the kubelet removes images (imagefs.available, its default threshold of eviction). */
const LEAST_SHARE_FOR_IMAGES = 0.15;

function look(world: NodeWorld): Outcomes {
  if (!usesMirrorProvider(world)) return [];
  const problems = [authFileProblem(world), imageProblem(world)].filter((one) => one !== undefined);
  return problems.length > 0 ? problems : ok('there is room for auth files and images');
}

function authFileProblem(world: NodeWorld): Outcome | undefined {
  const { authDir } = world.plugin.options;
  const { bytes, files } = world.space(world.tree.locate(authDir));
  if (bytes >= LEAST_FOR_AUTH_FILES && files !== 0) return undefined;
  const what = files === 0 ? 'no further files' : `${Math.floor(bytes / 1024)} KiB`;
  return broken(
    `the file system of ${plain(authDir)} has room for ${what}, and auth files go there`,
    {
      change: `make room on that file system: df -h ${placeOf(world, posix.dirname(authDir))} names it`,
    },
  );
}

function imageProblem({ tree, space }: NodeWorld): Outcome | undefined {
  const { bytes, share } = space(tree.locate(IMAGES));
  if (share >= LEAST_SHARE_FOR_IMAGES) return undefined;
  const percent = Math.floor(share * 100);
  const text = `${percent} % (${Math.floor(bytes / MIB)} MiB) are free where images are, and below 15 % the kubelet removes some, which are then pulled again`;
  return warning(text, { command: 'crictl rmi --prune' });
}
