import { posix } from 'node:path';
import { Failure } from '../diagnostics/errors.ts';
import { ContentStore, writePrivately } from './content-store.ts';
import { missingDirectories, removeEmptyDirectories } from './directories.ts';
import {
  type InstallRecord,
  NOTHING_RECORDED,
  RECORD_DIRECTORY,
  RECORD_FILE,
  type RecordedPath,
  readRecord,
  type StoredSnapshot,
} from './install-record.ts';
import type { DirectoryTree } from './node-tree.ts';
import { fingerprint, type Snapshot } from './snapshot.ts';
import { writing } from './write-failure.ts';
import { removeStaged, type SnapshotAt } from './write-snapshot.ts';

/** A path that was changed, as it was and as it was left. */
export interface Replaced {
  readonly path: string;
  readonly original: Snapshot;
  /** What may lie there of ours, as fingerprints. */
  readonly written: readonly string[];
}

/**
 * What an installation has replaced on a node. It is written before the change that it tells of, so that
 * a run that is killed at any step is taken up by the next one.
 */
export class InstallState {
  readonly #tree: DirectoryTree;
  readonly #contents: ContentStore;
  #record: InstallRecord;
  /** Before the run that has begun. */
  #earlier: InstallRecord;

  private constructor(tree: DirectoryTree, record: InstallRecord) {
    this.#tree = tree;
    this.#contents = new ContentStore(tree);
    this.#record = record;
    this.#earlier = record;
  }

  /** Throws a Failure where the record cannot be read. */
  static load(tree: DirectoryTree): InstallState {
    return new InstallState(tree, readRecord(tree) ?? NOTHING_RECORDED);
  }

  /** Whether nothing was installed, not even in part. */
  get isEmpty(): boolean {
    return this.#record.entries.length === 0;
  }

  /** Whether a run was not brought to its end. */
  get isUnfinished(): boolean {
    return this.#record.pending.length > 0 && this.#record.untried === undefined;
  }

  /** The hash of a configuration that is in its place, but that no kubelet was restarted for. */
  get untried(): string | undefined {
    return this.#record.untried;
  }

  /** Every path that was changed, in that order. */
  replaced(): readonly Replaced[] {
    return this.#record.entries.map(({ path, original, written }) => ({
      path,
      original: this.#contents.load(original),
      written,
    }));
  }

  /** What the paths held that no kubelet was seen to run with, the last first. */
  before(): readonly SnapshotAt[] {
    return this.#record.pending
      .map(({ path, before }) => ({ path, after: this.#contents.load(before) }))
      .reverse();
  }

  /** Made on the way, outermost first. */
  get directories(): readonly string[] {
    return this.#record.directories;
  }

  /** Whether a path was changed. */
  has(path: string): boolean {
    return this.#record.entries.some((one) => one.path === path);
  }

  /** Whether a path is among those that no kubelet was seen to run with. */
  isPending(path: string): boolean {
    return this.#record.pending.some((one) => one.path === path);
  }

  /** Removes what a run that was killed had written beside the paths of the record. */
  removeStaged(): void {
    for (const { path } of this.#record.entries) removeStaged(this.#tree, path);
    removeStaged(this.#tree, RECORD_FILE);
  }

  /** Notes what is about to be written, and keeps what lies there. Throws a Failure where it cannot. */
  begin(changes: readonly SnapshotAt[]): void {
    const record = this.#record;
    const missing = [RECORD_FILE, ...changes.map(({ path }) => path)].flatMap((path) =>
      missingDirectories(this.#tree, posix.dirname(path)),
    );
    const directories = [...new Set([...record.directories, ...missing])];
    this.#record = { ...record, directories };
    const entries = new Map(record.entries.map((entry) => [entry.path, entry]));
    const pending = [...record.pending];
    for (const { path, after } of changes) {
      const before = this.#contents.keep(this.#tree.snapshot(path));
      const { original = before, written } = entries.get(path) ?? {};
      if (!this.isPending(path)) pending.push({ path, before, written });
      entries.set(path, { path, original, written: [...(written ?? []), fingerprint(after)] });
    }
    this.#save({ version: 1, entries: [...entries.values()], pending, directories });
  }

  /** Nothing of the run that has begun was written, or all of it was put back. */
  abandon(): void {
    const made = this.#record.directories.filter(
      (directory) => !this.#earlier.directories.includes(directory),
    );
    try {
      if (this.#earlier.entries.length === 0) this.remove();
      else this.#settle(this.#earlier);
    } catch (error) {
      // On a full disk the record stays as it is: it also holds for what is there now.
      if (!(error instanceof Failure)) throw error;
    }
    removeEmptyDirectories(this.#tree, made.toReversed());
  }

  /** Everything is in its place, and the kubelet is left to somebody else. */
  leave(configHash: string): void {
    this.#settle({ ...this.#record, entries: this.#lastWritten(), untried: configHash });
  }

  /** The kubelet runs with it: nothing of it will be put back. */
  commit(): void {
    const entries = this.#lastWritten();
    this.#settle({ ...this.#record, entries, pending: [], untried: undefined });
  }

  /** The run was taken back: what it wrote is there no more. */
  takeBack(): void {
    const pending = new Map(this.#record.pending.map((one) => [one.path, one]));
    const entries = this.#record.entries.flatMap((entry) => {
      const { written = undefined } = pending.get(entry.path) ?? entry;
      return written === undefined ? [] : [{ ...entry, written }];
    });
    const { directories } = this.#record;
    if (entries.length === 0) this.remove();
    else this.#settle({ ...this.#record, entries, pending: [], untried: undefined });
    removeEmptyDirectories(this.#tree, directories.toReversed());
  }

  /** Forgets everything: the node is as it was, without the directories that were made. */
  remove(): void {
    const { directories } = this.#record;
    // Of these no record tells whether they were made, because it lies in them.
    const own = [RECORD_DIRECTORY, posix.dirname(RECORD_DIRECTORY)];
    const made = [...own, ...directories.toReversed()];
    this.removeStaged();
    removeEmptyDirectories(this.#tree, made);
    // Whoever is killed from here on leaves nothing that says of any other file.
    writing(RECORD_FILE, () => this.#tree.operations.removeFile(this.#tree.locate(RECORD_FILE)));
    this.#contents.removeOthers([]);
    removeEmptyDirectories(this.#tree, made);
    this.#record = NOTHING_RECORDED;
    this.#earlier = NOTHING_RECORDED;
  }

  #lastWritten(): readonly RecordedPath[] {
    return this.#record.entries.map((entry) => ({ ...entry, written: entry.written.slice(-1) }));
  }

  #settle(record: InstallRecord): void {
    this.removeStaged();
    this.#save(record);
    const { entries, pending } = record;
    const needed: readonly StoredSnapshot[] = [
      ...entries.map(({ original }) => original),
      ...pending.map(({ before }) => before),
    ];
    this.#contents.removeOthers(needed);
    this.#earlier = record;
  }

  #save(record: InstallRecord): void {
    const text = `${JSON.stringify(record, null, 2)}\n`;
    writePrivately(this.#tree, RECORD_FILE, new TextEncoder().encode(text));
    this.#record = record;
  }
}
