import { errorCode, Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { systemReason } from '../diagnostics/system-reason.ts';
import { closeSync, fstatSync, lstatSync, openSync, readSync, realpathSync } from '../system/fs.ts';
import { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from '../system/open-flags.ts';
import { refuseExposure } from './store-permissions.ts';

/** A directory of files with passwords. */
export interface PrivateDirectory {
  /** Its real path, without slash at the end. */
  readonly root: string;
  /** Its files may be open to others. */
  readonly allowInsecurePermissions: boolean;
}

// A pipe in the place of a file must not block.
const READ_NO_LINK = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
const LARGEST_FILE = 1024 * 1024;

/**
 * Reads a file below a private directory, at most 1 MiB. Throws a Failure that says how to mend it where
 * a link leads out of the directory, where it is no regular file, too large or unreadable, and where
 * somebody else could read or change it or a directory on its way.
 */
export function readPrivateFile(path: string, directory: PrivateDirectory): Uint8Array {
  const real = realPathOf(path);
  if (!real.startsWith(`${directory.root}/`)) {
    throw unusable(path, `it is a link out of ${quote(directory.root)}; put the file itself there`);
  }
  if (!directory.allowInsecurePermissions) {
    const onTheWay = [...parentsOf(path, directory.root), ...parentsOf(real, directory.root)];
    for (const parent of onTheWay) {
      const found = lstatSync(parent, { throwIfNoEntry: false });
      // Where a link leads is in the real path.
      if (found?.isDirectory()) refuseExposure(parent, found);
    }
  }
  const file = openNoLink(real, path);
  try {
    return readChecked(file, path, directory);
  } finally {
    closeSync(file);
  }
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The directories between the root and a path below it. */
function parentsOf(path: string, root: string): string[] {
  const components = path.slice(root.length + 1).split('/');
  return components.slice(1).map((_, index) => [root, ...components.slice(0, index + 1)].join('/'));
}

/** Between finding out where a link leads and this, nobody but the owner can have put another. */
function openNoLink(real: string, path: string): number {
  try {
    return openSync(real, READ_NO_LINK);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function readChecked(file: number, path: string, directory: PrivateDirectory): Uint8Array {
  const found = fstatSync(file);
  if (!found.isFile()) throw unusable(path, 'it is no regular file; put one there');
  if (!directory.allowInsecurePermissions) refuseExposure(path, found);
  if (found.size > LARGEST_FILE) {
    throw unusable(
      path,
      `it is larger than ${LARGEST_FILE / 1024 / 1024} MiB; put the right file there`,
    );
  }
  return readBytes(file, found.size);
}

/** What a file had when it was looked at. */
function readBytes(file: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let length = 0;
  for (let read = -1; read !== 0 && length < size; length += read) {
    read = readSync(file, bytes, length, size - length, null);
  }
  return bytes.subarray(0, length);
}

function unreadable(path: string, error: unknown): Failure {
  const remedy =
    errorCode(error) === 'ENOENT'
      ? 'it is a link that leads nowhere; mend or remove it'
      : 'make it readable for root';
  return new Failure(
    `cannot read the credential file ${quote(path)}: ${systemReason(error)}; ${remedy}`,
  );
}

function unusable(path: string, reason: string): Failure {
  return new Failure(`cannot use the credential file ${quote(path)}: ${reason}`);
}
