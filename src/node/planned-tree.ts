import { posix } from 'node:path';
import { compareBytes } from '../kubelet/byte-order.ts';
import type { NodeTree } from './node-tree.ts';
import { ABSENT, type FileSnapshot, type Snapshot } from './snapshot.ts';

const MOST_LINKS = 40;

/** A node's files as they will be once some changes are made. */
export class PlannedTree implements NodeTree {
  readonly #tree: NodeTree;
  readonly #changes: ReadonlyMap<string, Snapshot>;

  constructor(tree: NodeTree, changes: ReadonlyMap<string, Snapshot>) {
    this.#tree = tree;
    this.#changes = changes;
  }

  snapshot(path: string): Snapshot {
    return this.#changes.get(path) ?? this.#tree.snapshot(path);
  }

  read(path: string): Uint8Array | undefined {
    const { planned, reached } = this.#follow(path);
    if (planned === undefined) return this.#tree.read(reached);
    return planned.kind === 'file' ? planned.bytes : undefined;
  }

  fileAt(path: string): FileSnapshot | undefined {
    const { planned, reached } = this.#follow(path);
    if (planned === undefined) return this.#tree.fileAt(reached);
    return planned.kind === 'file' ? planned : undefined;
  }

  modeOf(path: string): number | undefined {
    const { planned, reached } = this.#follow(path);
    if (planned === undefined) return this.#tree.modeOf(reached);
    return planned.kind === 'file' ? planned.mode : undefined;
  }

  isDirectory(path: string): boolean {
    const { planned, reached } = this.#follow(path);
    return planned === undefined ? this.#tree.isDirectory(reached) : planned.kind === 'directory';
  }

  list(directory: string): readonly string[] {
    const names = new Set(this.#tree.list(directory));
    for (const [path, snapshot] of this.#changes) {
      if (posix.dirname(path) !== posix.normalize(directory)) continue;
      if (snapshot.kind === 'absent') names.delete(posix.basename(path));
      else names.add(posix.basename(path));
    }
    return [...names].sort(compareBytes);
  }

  isWritable(directory: string): boolean {
    return this.#tree.isWritable(directory);
  }

  /** What is planned where a path leads to, or where it leads to without a plan. */
  #follow(path: string): { readonly reached: string; readonly planned: Snapshot | undefined } {
    let reached = path;
    for (let links = 0; links < MOST_LINKS; links += 1) {
      const planned = this.#changes.get(reached);
      if (planned?.kind !== 'link') return { reached, planned };
      reached = posix.resolve(posix.dirname(reached), planned.target);
    }
    return { reached, planned: ABSENT };
  }
}
