import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { systemReason } from '../diagnostics/system-reason.ts';
import { withoutTrailingSlashes } from '../diagnostics/trailing-slashes.ts';
import { type FileStatus, lstatSync, mkdirSync } from '../system/fs.ts';

const PRIVATE_DIRECTORY = 0o700;
const GROUP_OR_OTHERS_WRITE = 0o022;
const ROOT = 0;

/**
 * Makes sure that the auth directory is there and safe: a real directory, not a link, of root or of this
 * process's user, that nobody but its owner can write. A missing one is created 0700. Throws a Failure that says how to mend it.
 */
export function ensureAuthDirectory(directory: string): void {
  const found = statOrCreate(directory);
  if (found.isSymbolicLink()) {
    throw refused(directory, 'it is a link', 'replace it by a real directory');
  }
  if (!found.isDirectory()) {
    throw refused(directory, 'it is not a directory', 'move that file away');
  }
  if ((found.mode & GROUP_OR_OTHERS_WRITE) !== 0) {
    throw refused(directory, 'group or others can write it', `chmod 0700 ${directory}`);
  }
  if (found.uid !== ROOT && found.uid !== process.geteuid?.()) {
    throw refused(directory, `it belongs to the user ${found.uid}`, `chown root ${directory}`);
  }
}

/** Whether the auth directory is there, within reach, and no link. */
export function isRealDirectory(directory: string): boolean {
  try {
    return lstatSync(withoutSlash(directory), { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}

function statOrCreate(directory: string): FileStatus {
  const path = withoutSlash(directory);
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found !== undefined) return found;
    mkdirSync(path, { recursive: true, mode: PRIVATE_DIRECTORY });
    return statOrCreate(directory);
  } catch (error) {
    throw error instanceof Failure ? error : unavailable(directory, error);
  }
}

/** With a slash at its end, a link's target would be looked at. */
function withoutSlash(directory: string): string {
  return withoutTrailingSlashes(directory, 1);
}

function refused(directory: string, reason: string, remedy: string): Failure {
  return new Failure(
    `cannot use the auth directory ${quote(directory)}: ${reason}, and it holds passwords; ${remedy}`,
  );
}

function unavailable(directory: string, error: unknown): Failure {
  return new Failure(
    `cannot use the auth directory ${quote(directory)}: ${systemReason(error)}; ` +
      'create it on a writable file system with mode 0700, or name another with --auth-dir',
  );
}
