import { lstatSync } from 'node:fs';
import type { DirectoryTree } from './node-tree.ts';

const ROOT = 0;
const GROUP_OR_OTHERS_WRITE = 0o022;

/** What is at a path of a node, as far as it decides who may change it; undefined where there is nothing. */
export interface Ownership {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  /** Whether others than its owner can write it. */
  readonly isOpen: boolean;
  /** Whether it belongs to root, or to whoever a tree of files belongs to as a whole. */
  readonly isTrusted: boolean;
}

/** Looks at a path; a link at its end is followed only where that is asked for. */
export function ownershipOf(
  tree: DirectoryTree,
  path: string,
  followsLast: boolean,
): Ownership | undefined {
  const found = lstatSync(tree.locate(path, followsLast), { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const kind = found.isFile()
    ? 'file'
    : found.isDirectory()
      ? 'directory'
      : found.isSymbolicLink()
        ? 'link'
        : 'other';
  return {
    kind,
    mode: found.mode & 0o7777,
    uid: found.uid,
    isOpen: kind !== 'link' && (found.mode & GROUP_OR_OTHERS_WRITE) !== 0,
    isTrusted: found.uid === ROOT || found.uid === ownerOfTree(tree),
  };
}

/** Only root can lay out files of root's, so a tree of somebody else's has that owner throughout. */
function ownerOfTree(tree: DirectoryTree): number {
  return tree.isThisMachine ? ROOT : lstatSync(tree.locate('/')).uid;
}
