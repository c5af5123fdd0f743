import type { Check } from './check.ts';
import { kubeletFlags } from './kubelet-flags.ts';
import type { NodeWorld } from './node-world.ts';

/** The node half, in the order in which things have to work. */
export const NODE_CHECKS: readonly Check<NodeWorld>[] = [kubeletFlags];
