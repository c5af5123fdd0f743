import {
  type Action,
  isAllowed,
  isSelfAllowed,
  nodeSubject,
} from '../../kubernetes/access-reviews.ts';
import { ApiError } from '../../kubernetes/api-error.ts';
import { someNode } from '../../kubernetes/nodes.ts';
import type { Viewer } from './viewer.ts';

/** Whether a node may do something. Throws an ApiError, 403 where nobody may ask that. */
export type MayNode = (action: Action) => Promise<boolean>;

/** Stands for all of them, where the nodes' names may not be seen: rights are given to their group. */
const ANY_NODE = 'any';

/** A kubelet asks for itself, anybody else for one of the nodes. */
export async function nodeRights(viewer: Viewer): Promise<MayNode> {
  const { client, node } = viewer;
  if (node !== undefined) return (action) => isSelfAllowed(client, action);
  const subject = nodeSubject(await nameOfOne(viewer));
  return (action) => isAllowed(client, subject, action);
}

async function nameOfOne({ client }: Viewer): Promise<string> {
  try {
    return (await someNode(client)) ?? ANY_NODE;
  } catch (error) {
    if (error instanceof ApiError) return ANY_NODE;
    throw error;
  }
}
