import { type Check, type Finding, unknown } from './check.ts';
import type { NodeWorld } from './node-world.ts';
import { runChecks } from './run-checks.ts';

/** A check of the node half. */
export interface NodeCheck extends Check<NodeWorld> {
  /** What it looks at besides files; left out for another root, unless mirrors are to be asked for it. */
  readonly needs?: 'machine' | 'probing';
}

/** All that is said of a machine that is no node. */
export const NO_NODE: Finding = {
  check: 'node',
  ...unknown('no kubelet runs or is installed here, so only the cluster is looked at', {
    change: 'run this on a node, as root, for its half',
  }),
};

/** Runs the node half; what a tree of files cannot answer is left out, and told of in one finding. */
export async function runNodeChecks(
  checks: readonly NodeCheck[],
  world: NodeWorld,
  onBegin?: (id: string) => void,
): Promise<readonly Finding[]> {
  const isLeftOut = ({ needs }: NodeCheck): boolean =>
    (needs === 'machine' && world.machine === undefined) ||
    (needs === 'probing' && !world.isProbing);
  const findings = await runChecks(
    checks.filter((check) => !isLeftOut(check)),
    world,
    onBegin,
  );
  const leftOut = checks.filter(isLeftOut).map(({ id }) => id);
  return leftOut.length === 0 ? findings : [...findings, notWithRoot(leftOut)];
}

function notWithRoot(ids: readonly string[]): Finding {
  return {
    check: 'left-out',
    ...unknown(`files do not show what runs, so these were left out: ${ids.join(', ')}`, {
      change: 'run this on the node itself; mirrors are asked with --probe too',
    }),
  };
}
