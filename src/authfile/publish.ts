import { errorCode, Failure } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { quote } from '../diagnostics/quote.ts';
import { readToEnd } from '../diagnostics/read-file.ts';
import { systemReason } from '../diagnostics/system-reason.ts';
import { utf8Text } from '../diagnostics/utf8.ts';
import {
  closeSync,
  type FileStatus,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  unlinkSync,
} from '../system/fs.ts';
import {
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
} from '../system/open-flags.ts';
import { withDirectoryLock } from './directory-lock.ts';
import { besideName } from './temporary.ts';

const POLL_MS = 5;
const CREATE_PRIVATE = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
const READ_NO_LINK = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
const PRIVATE_FILE = 0o600;
/** In bytes of UTF-8, for each unit of a string. */
const LONGEST_CHARACTER = 3;
export interface Publication {
  /** How old, in milliseconds, a waiting file may be before it no longer holds ours up. */
  readonly publishWait: number;
  /** The end of all waiting, in milliseconds since the epoch. */
  readonly deadline: number;
}

/** Which file it is, whatever its name. */
export type FileIdentity = Pick<FileStatus, 'ino' | 'mtimeMs'>;

/** What publishing did: `linked` at once or after waiting, `kept` an equal file, or `replaced` one. */
export interface Published {
  readonly how: 'linked' | 'kept' | 'replaced';
  /** Undefined where an equal file was kept. */
  readonly own?: FileIdentity;
}

/**
 * Puts an auth file where CRI-O takes it. CRI-O takes one file per pull, so a file that still waits
 * belongs to another pod's pull: link(2) refuses to overwrite it, and this waits until it is taken or
 * older than `publishWait` (its age, not our waiting, so that a leftover costs nothing). A reader sees
 * a complete file or none. Throws a Failure; nothing half-written stays behind.
 */
export async function publish(
  path: string,
  content: string,
  { publishWait, deadline }: Publication,
): Promise<Published> {
  const { temporary, own } = writeTemporary(path, content);
  try {
    while (!linked(temporary, path)) {
      const waiting = statFile(path);
      if (waiting === undefined) continue;
      if (isSpent(waiting, publishWait) || Date.now() >= deadline) {
        if (waiting.isFile() && holds(path, content)) return { how: 'kept' };
        replace(temporary, path);
        return { how: 'replaced', own };
      }
      await Bun.sleep(POLL_MS);
    }
    return { how: 'linked', own };
  } catch (error) {
    throw error instanceof Failure ? error : unwritable(path, error);
  } finally {
    removeQuietly(temporary);
  }
}

/**
 * Writes the content beside its place. It is not synced to disk: the file lives for one pull, is written
 * anew before each, and the directory is emptied at boot.
 */
function writeTemporary(
  path: string,
  content: string,
): { readonly temporary: string; readonly own: FileIdentity } {
  const temporary = besideName(path, 'tmp');
  try {
    const file = openSync(temporary, CREATE_PRIVATE, PRIVATE_FILE);
    try {
      writeAll(file, content);
      return { temporary, own: fstatSync(file) };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    removeQuietly(temporary);
    throw unwritable(path, error);
  }
}

function linked(temporary: string, path: string): boolean {
  try {
    withDirectoryLock(path, 'shared', () => linkSync(temporary, path));
    return true;
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'EEXIST') return false;
    if (!lacksHardLinks(code)) throw error;
    replace(temporary, path);
    return true;
  }
}

function replace(temporary: string, path: string): void {
  withDirectoryLock(path, 'shared', () => renameSync(temporary, path));
}

/** File systems without hard links: the file is published by rename there, without the queue. */
function lacksHardLinks(code: string): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code);
}

/** A link or another thing of this name is no file that CRI-O could take: it is replaced at once. */
function isSpent(waiting: FileStatus, publishWait: number): boolean {
  return !waiting.isFile() || Math.abs(Date.now() - waiting.mtimeMs) >= publishWait;
}

function holds(path: string, content: string): boolean {
  try {
    const file = openSync(path, READ_NO_LINK);
    try {
      const largest = LONGEST_CHARACTER * content.length;
      return utf8Text(readToEnd(file, largest, largest)) === content;
    } finally {
      closeSync(file);
    }
  } catch {
    // Taken in the meantime, or replaced by a link.
    return false;
  }
}

function statFile(path: string): FileStatus | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** What is left is cleaned up later, and must neither fail a pull whose file is there nor hide why one fails. */
function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was renamed, or its directory is gone or closed by now.
  }
}

function unwritable(path: string, error: unknown): Failure {
  return new Failure(
    `cannot write the auth file ${quote(path)}: ${systemReason(error)}; ` +
      'make its directory writable for root and see that the disk is not full',
  );
}
