import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { posix } from 'node:path';
import { errorCode, Failure } from '../diagnostics/errors.ts';
import { isJsonObject } from '../diagnostics/json.ts';
import { plain } from '../diagnostics/plain.ts';
import type { DirectoryTree } from './node-tree.ts';
import { fingerprint, type Snapshot, sha256 } from './snapshot.ts';
import { removeEmptyDirectories, writeSnapshot } from './write-snapshot.ts';

const DIRECTORY = '/var/lib/pullkey/install';
const STATE_FILE = `${DIRECTORY}/state.json`;
const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/** A snapshot whose content is kept under its digest. */
type StoredSnapshot =
  | { readonly kind: 'absent' | 'directory' }
  | { readonly kind: 'link'; readonly target: string }
  | {
      readonly kind: 'file';
      readonly sha256: string;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    };

const NOTHING_THERE: StoredSnapshot = { kind: 'absent' };

interface Entry {
  readonly path: string;
  /** What lay there before the first installation. */
  readonly original: StoredSnapshot;
  /** What was written last, as a fingerprint. */
  readonly written: string;
}

interface Pending {
  readonly path: string;
  /** What to put back if the kubelet does not come up. */
  readonly before: StoredSnapshot;
}

interface Stored {
  readonly version: 1;
  readonly entries: readonly Entry[];
  readonly pending: readonly Pending[];
  /** Made on the way, outermost first. */
  readonly directories: readonly string[];
}

const NOTHING: Stored = { version: 1, entries: [], pending: [], directories: [] };

/** A path that was changed, as it was and as it was left. */
export interface Replaced {
  readonly path: string;
  readonly original: Snapshot;
  readonly written: string;
}

/**
 * What an installation has replaced on a node. It is written before the change that it tells of, so that
 * a run that is killed at any step is taken up by the next one.
 */
export class InstallState {
  readonly #tree: DirectoryTree;
  #stored: Stored;

  private constructor(tree: DirectoryTree, stored: Stored) {
    this.#tree = tree;
    this.#stored = stored;
  }

  /** Throws a Failure where the record cannot be read. */
  static load(tree: DirectoryTree): InstallState {
    return new InstallState(tree, readStored(tree));
  }

  /** Whether a run was not brought to its end. */
  get isPending(): boolean {
    return this.#stored.pending.length > 0;
  }

  /** Every path that was changed, in that order. */
  replaced(): readonly Replaced[] {
    return this.#stored.entries.map(({ path, original, written }) => ({
      path,
      original: this.#loaded(original),
      written,
    }));
  }

  /** What the paths of an unfinished run held before it, the last first. */
  before(): readonly { readonly path: string; readonly snapshot: Snapshot }[] {
    return this.#stored.pending
      .map(({ path, before }) => ({ path, snapshot: this.#loaded(before) }))
      .reverse();
  }

  get directories(): readonly string[] {
    return this.#stored.directories;
  }

  /** Notes what is about to be written, and keeps what lies there. */
  begin(changes: readonly { readonly path: string; readonly after: Snapshot }[]): void {
    const { entries, pending, directories } = this.#stored;
    const missing = [STATE_FILE, ...changes.map(({ path }) => path)].flatMap((path) =>
      this.#missingDirectories(path),
    );
    const current = new Map(
      changes.map(({ path }) => [path, this.#keep(this.#tree.snapshot(path))] as const),
    );
    const known = new Map(entries.map((entry) => [entry.path, entry]));
    for (const { path, after } of changes) {
      const original = known.get(path)?.original ?? current.get(path) ?? NOTHING_THERE;
      known.set(path, { path, original, written: fingerprint(after) });
    }
    const unfinished = new Set(pending.map(({ path }) => path));
    const added = changes
      .filter(({ path }) => !unfinished.has(path))
      .map(({ path }) => ({ path, before: current.get(path) ?? NOTHING_THERE }));
    this.#save({
      version: 1,
      entries: [...known.values()],
      pending: [...pending, ...added],
      directories: [...new Set([...directories, ...missing])],
    });
  }

  /** The run came to its end: nothing of it will be put back. */
  commit(): void {
    this.#save({ ...this.#stored, pending: [] });
    this.#prune();
  }

  /** The run was taken back: what it wrote is there no more. */
  takeBack(): void {
    const before = new Map(this.#stored.pending.map((one) => [one.path, this.#loaded(one.before)]));
    const entries = this.#stored.entries.flatMap((entry) => {
      const back = before.get(entry.path);
      if (back === undefined) return [entry];
      const written = fingerprint(back);
      return written === fingerprint(this.#loaded(entry.original)) ? [] : [{ ...entry, written }];
    });
    if (entries.length === 0) this.remove();
    else this.#save({ ...this.#stored, entries, pending: [] });
    this.#prune();
  }

  /** Forgets everything. */
  remove(): void {
    rmSync(this.#tree.locate(DIRECTORY), { recursive: true, force: true });
    removeEmptyDirectories(this.#tree, [posix.dirname(DIRECTORY)]);
    this.#stored = NOTHING;
  }

  #missingDirectories(path: string): readonly string[] {
    const missing: string[] = [];
    for (let up = posix.dirname(path); up !== '/'; up = posix.dirname(up)) {
      if (this.#tree.snapshot(up).kind !== 'absent') break;
      missing.unshift(up);
    }
    return missing;
  }

  #keep(snapshot: Snapshot): StoredSnapshot {
    if (snapshot.kind !== 'file') return snapshot;
    const { bytes, ...rest } = snapshot;
    const digest = sha256(bytes);
    this.#write(contentFile(digest), bytes);
    return { ...rest, sha256: digest };
  }

  #loaded(stored: StoredSnapshot): Snapshot {
    if (stored.kind !== 'file') return stored;
    const { sha256: digest, ...rest } = stored;
    const bytes = this.#tree.read(contentFile(digest));
    if (bytes !== undefined && sha256(bytes) === digest) return { ...rest, bytes };
    throw new Failure(
      `${plain(contentFile(digest))}, which keeps what an installation replaced, is missing or was changed; ` +
        `restore it, or remove ${DIRECTORY} to start anew`,
    );
  }

  #save(stored: Stored): void {
    const text = `${JSON.stringify(stored, null, 2)}\n`;
    this.#write(STATE_FILE, new TextEncoder().encode(text));
    this.#stored = stored;
  }

  #write(path: string, bytes: Uint8Array): void {
    mkdirSync(this.#tree.locate(posix.dirname(path)), { recursive: true, mode: PRIVATE_DIRECTORY });
    const uid = process.getuid?.() ?? 0;
    const gid = process.getgid?.() ?? 0;
    writeSnapshot(this.#tree, path, { kind: 'file', bytes, mode: PRIVATE_FILE, uid, gid });
  }

  /** Contents that nothing refers to any more. */
  #prune(): void {
    const { entries, pending } = this.#stored;
    const used = new Set(
      [...entries.map(({ original }) => original), ...pending.map(({ before }) => before)].flatMap(
        (one) => (one.kind === 'file' ? [one.sha256] : []),
      ),
    );
    for (const name of this.#tree.list(posix.dirname(contentFile('')))) {
      if (!used.has(name)) rmSync(this.#tree.locate(contentFile(name)), { force: true });
    }
  }
}

function contentFile(digest: string): string {
  return `${DIRECTORY}/content/${digest}`;
}

function readStored(tree: DirectoryTree): Stored {
  try {
    const value: unknown = JSON.parse(readFileSync(tree.locate(STATE_FILE), 'utf8'));
    if (isStored(value)) return value;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return NOTHING;
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Failure(
    `${plain(STATE_FILE)}, the record of what an installation replaced, cannot be read; restore it, or ` +
      `remove ${DIRECTORY} to start anew`,
  );
}

function isStored(value: unknown): value is Stored {
  return (
    isJsonObject(value) &&
    value['version'] === 1 &&
    ['entries', 'pending', 'directories'].every((field) => Array.isArray(value[field]))
  );
}
