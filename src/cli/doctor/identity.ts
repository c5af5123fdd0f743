import { Failure } from '../../diagnostics/errors.ts';
import { plain } from '../../diagnostics/plain.ts';
import { ApiError } from '../../kubernetes/api-error.ts';
import { AS_ADMINISTRATOR, whereReached } from './as-viewer.ts';
import { broken, type Check, type Outcome, ok, unknown } from './check.ts';
import type { ClusterWorld } from './cluster-world.ts';
import { withAdvice } from './remedies.ts';

const UNAUTHORIZED = 401;

/** As whom the cluster is asked: on a node as its kubelet. */
export const identity: Check<ClusterWorld> = {
  id: 'identity',
  look: (world) => whereReached(world, () => look(world)),
};

async function look(world: ClusterWorld): Promise<Outcome> {
  try {
    const { user, kubeconfig } = await world.viewer();
    return ok(`asks as ${user === '' ? 'the user' : plain(user)} of ${plain(kubeconfig)}`);
  } catch (error) {
    if (error instanceof ApiError && error.status === UNAUTHORIZED) return refused(world);
    if (error instanceof Failure) return { verdict: 'unknown', ...withAdvice(error.message) };
    throw error;
  }
}

/** A kubelet that is refused can do nothing at all. */
function refused({ node, access }: ClusterWorld): Outcome {
  const text = `the API server refuses the user of ${plain(access()?.kubeconfig ?? '')} (401)`;
  if (node === undefined) return unknown(`${text}: log in again`, AS_ADMINISTRATOR);
  return broken(`${text}, so the kubelet gets no pods`, {
    change:
      "see whether the kubelet's client certificate has expired, and let the node join the cluster anew",
  });
}
