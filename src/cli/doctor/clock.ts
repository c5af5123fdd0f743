import { whereReached } from './as-viewer.ts';
import { broken, type Check, type Outcome, ok, type Remedy, unknown, warning } from './check.ts';
import type { ClusterWorld } from './cluster-world.ts';

const SECOND_MS = 1_000;
/** Beyond this, somebody forgot to synchronise clocks; below, the network may be slow. */
const NOTABLE_MS = 10 * SECOND_MS;
/** A kubelet renews its tokens of 10 minutes when four fifths are over, by its own clock. */
const TOKENS_EXPIRE_MS = 120 * SECOND_MS;

/** Whether this clock and the API server's agree, since tokens and certificates are dated by them. */
export const clock: Check<ClusterWorld> = {
  id: 'clock',
  look: (world) => whereReached(world, async () => judged(await offsetIn(world), world)),
};

async function offsetIn(world: ClusterWorld): Promise<number | undefined> {
  return (await world.answer()).clockOffset;
}

function judged(offset: number | undefined, { node }: ClusterWorld): Outcome {
  if (offset === undefined) return unknown('the API server tells no time (Date)');
  const distance = Math.abs(offset);
  if (distance < NOTABLE_MS) return ok(`within ${NOTABLE_MS / SECOND_MS} s of the API server's`);
  const way = offset > 0 ? 'behind' : 'ahead of';
  const text = `this clock is ${spoken(distance)} ${way} the API server's`;
  if (node === undefined) return warning(text, SYNCHRONISE);
  if (offset < TOKENS_EXPIRE_MS) {
    return warning(`${text}: certificates and tokens are dated by both`, SYNCHRONISE);
  }
  return broken(`${text}: the kubelet shows tokens that have expired there`, SYNCHRONISE);
}

const SYNCHRONISE: Remedy = {
  change: 'synchronise it: timedatectl set-ntp true, or chronyc makestep where chronyd runs',
};

function spoken(milliseconds: number): string {
  const seconds = Math.round(milliseconds / SECOND_MS);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
