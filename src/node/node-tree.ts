import { accessSync, constants, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { posix } from 'node:path';
import { errorCode, Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { systemReason } from '../diagnostics/system-reason.ts';
import { compareBytes } from '../kubelet/byte-order.ts';
import { type FileOperations, MACHINE_OPERATIONS } from './file-operations.ts';
import { ABSENT, type FileSnapshot, type Snapshot, textFile } from './snapshot.ts';

/** The files of a node, by their absolute paths there; links are followed within the node alone. */
export interface NodeTree {
  /** What lies at a path; a link at its end is not followed. */
  snapshot(path: string): Snapshot;
  /** The bytes of a file; undefined where there is none. */
  read(path: string): Uint8Array | undefined;
  /** The file that a path leads to; undefined where it leads to none. */
  fileAt(path: string): FileSnapshot | undefined;
  /** Permission bits of the same. */
  modeOf(path: string): number | undefined;
  /** Names in a directory, in byte order; none where there is no such directory. */
  list(directory: string): readonly string[];
  /** Whether a path leads to a directory. */
  isDirectory(path: string): boolean;
  /** Whether root can make files in a directory, or in the nearest one above it that there is. */
  isWritable(directory: string): boolean;
}

const MOST_LINKS = 40;
const PERMISSIONS = 0o7777;
const NO_THROW = { throwIfNoEntry: false } as const;
const OSTREE_MARK = '/run/ostree-booted';

/** A node's files below a directory of this machine, by default its own root. */
export class DirectoryTree implements NodeTree {
  /** What changes it. */
  readonly operations: FileOperations;
  readonly #root: string;

  constructor(root = '/', operations: FileOperations = MACHINE_OPERATIONS) {
    this.#root = root.replace(/\/+$/, '');
    this.operations = operations;
  }

  /** Whether this is the machine that the program runs on. */
  get isThisMachine(): boolean {
    return this.#root === '';
  }

  /** Where a path of the node is on this machine; `followsLast` also follows a link at its end. */
  locate(path: string, followsLast = true): string {
    let rest = path.split('/').filter((step) => step !== '' && step !== '.');
    let reached = '';
    for (let links = 0; rest.length > 0; ) {
      const [step = '', ...later] = rest;
      rest = later;
      if (step === '..') {
        reached = posix.dirname(`/${reached}`).replace(/^\/$/, '');
        continue;
      }
      const next = `${reached}/${step}`;
      const target = rest.length > 0 || followsLast ? this.#linkAt(next) : undefined;
      if (target === undefined) {
        reached = next;
        continue;
      }
      links += 1;
      if (links > MOST_LINKS) throw new Failure(`${plain(path)}: too many links; remove the loop`);
      if (target.startsWith('/')) reached = '';
      rest = [...target.split('/').filter((one) => one !== '' && one !== '.'), ...rest];
    }
    return this.#root + (reached === '' ? '/' : reached);
  }

  snapshot(path: string): Snapshot {
    return this.#snapshotAt(this.locate(path, false), path);
  }

  fileAt(path: string): FileSnapshot | undefined {
    const place = this.locate(path);
    if (!(lstatSync(place, NO_THROW)?.isFile() ?? false)) return undefined;
    const snapshot = this.#snapshotAt(place, path);
    return snapshot.kind === 'file' ? snapshot : undefined;
  }

  read(path: string): Uint8Array | undefined {
    const place = this.locate(path);
    try {
      return lstatSync(place).isFile() ? readFileSync(place) : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw unreadable(path, error);
    }
  }

  modeOf(path: string): number | undefined {
    const stats = lstatSync(this.locate(path), NO_THROW);
    return stats?.isFile() ? stats.mode & PERMISSIONS : undefined;
  }

  list(directory: string): readonly string[] {
    try {
      return readdirSync(this.locate(directory)).sort(compareBytes);
    } catch (error) {
      if (isMissing(error)) return [];
      throw unreadable(directory, error);
    }
  }

  isDirectory(path: string): boolean {
    return lstatSync(this.locate(path), NO_THROW)?.isDirectory() ?? false;
  }

  isWritable(directory: string): boolean {
    const place = this.locate(directory);
    // access(2) knows of read-only mounts, but a tree has none: there the image's mark tells.
    const isImage =
      !this.isThisMachine && lstatSync(this.locate(OSTREE_MARK), NO_THROW) !== undefined;
    if (isImage && /^\/usr(\/|$)/.test(place.slice(this.#root.length))) return false;
    const present = nearestPresent(place);
    try {
      accessSync(present, constants.W_OK | constants.X_OK);
    } catch (error) {
      // What only this user may not is no property of the node.
      if (errorCode(error) !== 'EACCES') return false;
    }
    return lstatSync(present).isDirectory();
  }

  #snapshotAt(place: string, path: string): Snapshot {
    const stats = lstatSync(place, NO_THROW);
    if (stats === undefined) return ABSENT;
    if (stats.isSymbolicLink()) return { kind: 'link', target: readlinkSync(place) };
    if (stats.isDirectory()) return { kind: 'directory' };
    const { mode, uid, gid } = stats;
    const owned = { mode: mode & PERMISSIONS, uid, gid };
    if (!stats.isFile()) throw new Failure(`${plain(path)} is no regular file; move it away first`);
    return { kind: 'file', bytes: this.#bytes(place, path), ...owned };
  }

  #linkAt(path: string): string | undefined {
    try {
      return readlinkSync(this.#root + path);
    } catch {
      // No link, or nothing there at all.
      return undefined;
    }
  }

  #bytes(place: string, path: string): Uint8Array {
    try {
      return readFileSync(place);
    } catch (error) {
      throw unreadable(path, error);
    }
  }
}

function nearestPresent(place: string): string {
  let present = place;
  while (present !== '/' && lstatSync(present, NO_THROW) === undefined)
    present = posix.dirname(present);
  return present;
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '');
}

function unreadable(path: string, error: unknown): unknown {
  if (errorCode(error) === undefined) return error;
  return new Failure(`cannot read ${plain(path)}: ${systemReason(error)}; run this as root`, {
    cause: error,
  });
}

/** The text of a file; undefined where there is none. */
export function readText(tree: NodeTree, path: string): string | undefined {
  const bytes = tree.read(path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** Whether there is anything at a path, a dangling link included. */
export function exists(tree: NodeTree, path: string): boolean {
  return tree.snapshot(path).kind !== 'absent';
}

/**
 * A changed text of a file that keeps its mode and owner; a new one is root's, readable by all. A link gives
 * way to a file like the one that it leads to: whoever keeps that one elsewhere does not find it changed.
 */
export function editedFile(tree: NodeTree, path: string, text: string): Snapshot {
  const file = textFile(text);
  const before = tree.fileAt(path);
  return before === undefined ? file : { ...before, bytes: file.bytes };
}
