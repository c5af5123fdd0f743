import type { Check } from './check.ts';
import type { ClusterWorld } from './cluster-world.ts';

/** The cluster half, in the order in which things have to work; one check a file. */
export const CLUSTER_CHECKS: readonly Check<ClusterWorld>[] = [];
