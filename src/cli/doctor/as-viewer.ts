import { Failure } from '../../diagnostics/errors.ts';
import { ApiError } from '../../kubernetes/api-error.ts';
import { type Outcomes, type Remedy, unknown } from './check.ts';
import type { ClusterAccess } from './cluster-access.ts';
import type { ClusterWorld } from './cluster-world.ts';
import type { Viewer } from './viewer.ts';

const FORBIDDEN = 403;

/** Whoever administers the cluster may ask everything. */
export const AS_ADMINISTRATOR: Remedy = {
  change: "ask with an administrator's kubeconfig: --kubeconfig FILE",
};

/** The way to the cluster, where there is one; why not is told once, by another check. */
export function accessOf(world: ClusterWorld): ClusterAccess | undefined {
  try {
    return world.access();
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** What a check sees of a server that answers; nothing where there is none. */
export async function whereReached(
  world: ClusterWorld,
  look: () => Outcomes | Promise<Outcomes>,
): Promise<Outcomes> {
  if (accessOf(world) === undefined) return [];
  try {
    await world.answer();
  } catch (error) {
    if (error instanceof Failure) return unknown('not seen, because the API server is not reached');
    throw error;
  }
  return look();
}

/** What a check sees of the cluster as whom it is asked; without the right to see it, it is unknown. */
export function asViewer(
  world: ClusterWorld,
  look: (viewer: Viewer) => Promise<Outcomes>,
): Promise<Outcomes> {
  return whereReached(world, async () => {
    const viewer = await viewerOf(world);
    if (viewer === undefined) return unknown('not seen, because nobody is there to ask as');
    try {
      return await look(viewer);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== FORBIDDEN) throw error;
      return unknown(error.message, AS_ADMINISTRATOR);
    }
  });
}

async function viewerOf(world: ClusterWorld): Promise<Viewer | undefined> {
  try {
    return await world.viewer();
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
