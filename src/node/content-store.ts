import { posix } from 'node:path';
import { Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { makeDirectories, removeEmptyDirectories } from './directories.ts';
import { RECORD_DIRECTORY, type StoredSnapshot } from './install-record.ts';
import type { DirectoryTree } from './node-tree.ts';
import { type Snapshot, sha256 } from './snapshot.ts';
import { writing } from './write-failure.ts';
import { writeSnapshots } from './write-snapshot.ts';

const DIRECTORY = `${RECORD_DIRECTORY}/content`;
const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/** The contents of files that an installation replaced, each under its digest. */
export class ContentStore {
  readonly #tree: DirectoryTree;

  constructor(tree: DirectoryTree) {
    this.#tree = tree;
  }

  /** Keeps what a snapshot holds. Throws a Failure where that cannot be written. */
  keep(snapshot: Snapshot): StoredSnapshot {
    if (snapshot.kind !== 'file') return snapshot;
    const { bytes, ...rest } = snapshot;
    const digest = sha256(bytes);
    writePrivately(this.#tree, fileOf(digest), bytes);
    return { ...rest, sha256: digest };
  }

  /** Throws a Failure where the content is not what was kept. */
  load(stored: StoredSnapshot): Snapshot {
    if (stored.kind !== 'file') return stored;
    const { sha256: digest, ...rest } = stored;
    const bytes = this.#tree.read(fileOf(digest));
    if (bytes !== undefined && sha256(bytes) === digest) return { ...rest, bytes };
    throw new Failure(
      `${plain(fileOf(digest))}, which keeps what an installation replaced, is missing or was changed; ` +
        `restore it, or remove ${RECORD_DIRECTORY} to start anew`,
    );
  }

  /** Removes what none of the snapshots needs. */
  removeOthers(needed: readonly StoredSnapshot[]): void {
    const digests = needed.flatMap((one) => (one.kind === 'file' ? [one.sha256] : []));
    for (const name of this.#tree.list(DIRECTORY)) {
      if (digests.includes(name)) continue;
      const path = `${DIRECTORY}/${name}`;
      writing(path, () => this.#tree.operations.removeFile(this.#tree.locate(path, false)));
    }
    if (digests.length === 0) removeEmptyDirectories(this.#tree, [DIRECTORY]);
  }
}

function fileOf(digest: string): string {
  return `${DIRECTORY}/${digest}`;
}

/** Writes a file that only its owner reads: what was replaced may hold secrets. */
export function writePrivately(tree: DirectoryTree, path: string, bytes: Uint8Array): void {
  makeDirectories(tree, posix.dirname(RECORD_DIRECTORY), 0o755);
  makeDirectories(tree, posix.dirname(path), PRIVATE_DIRECTORY);
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  const after = { kind: 'file', bytes, mode: PRIVATE_FILE, uid, gid } as const;
  writeSnapshots(tree, [{ path, after }]);
}
