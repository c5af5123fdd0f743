import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { shellWord } from '../diagnostics/shell-word.ts';
import { type FileStatus, lstatSync } from '../system/fs.ts';

const GROUP_OR_OTHERS = 0o077;
const GROUP_OR_OTHERS_WRITE = 0o022;
const STICKY = 0o1000;
const PERMISSION_BITS = 0o7777;

/** Why somebody else could read or change something, and the command that ends it. */
export interface Exposure {
  readonly reason: string;
  readonly remedy: string;
}

/** Whether anybody but root and this process's user could read or change a file or directory. */
export function exposureOf(path: string, found: FileStatus): Exposure | undefined {
  if ((found.mode & GROUP_OR_OTHERS) === 0) return foreignOwner(path, found);
  return {
    reason: `group or others can use it (mode ${modeText(found)})`,
    remedy: `chmod ${found.isDirectory() ? '0700' : '0600'} ${shellWord(path)}`,
  };
}

/** Whether anybody but root and this process's user could change a program or its directory. */
export function changeableBy(path: string, found: FileStatus): Exposure | undefined {
  if ((found.mode & GROUP_OR_OTHERS_WRITE) === 0) return foreignOwner(path, found);
  return {
    reason: `group or others can write it (mode ${modeText(found)})`,
    remedy: `chmod go-w ${shellWord(path)}`,
  };
}

/** A directory, and why somebody else could change what is in it. */
export interface ExposedDirectory extends Exposure {
  readonly directory: string;
}

/**
 * The first directory above a real path in which anybody but root and this process's user could put
 * another file or directory in its place, as sshd(8) looks for them. With the sticky bit, as `/tmp` has
 * it, nobody can rename what is another's.
 */
export function exposedAbove(path: string): ExposedDirectory | undefined {
  let end = path.length;
  while (end > 0) {
    end = path.lastIndexOf('/', end - 1);
    const directory = path.slice(0, end) || '/';
    const found = lstatSync(directory, { throwIfNoEntry: false });
    if (found === undefined) continue;
    const isSticky = (found.mode & STICKY) !== 0;
    const exposure = isSticky ? foreignOwner(directory, found) : changeableBy(directory, found);
    if (exposure !== undefined) return { directory, ...exposure };
  }
  return undefined;
}

function foreignOwner(path: string, { uid }: FileStatus): Exposure | undefined {
  if (uid === 0 || uid === process.geteuid?.()) return undefined;
  return { reason: `user ${uid} owns it`, remedy: `chown root ${shellWord(path)}` };
}

/** A mode as chmod(1) takes it: `0600`. */
export function modeText({ mode }: FileStatus): string {
  return (mode & PERMISSION_BITS).toString(8).padStart(4, '0');
}

/** Throws a Failure with the mending command where somebody else could read or change a file or directory. */
export function refuseExposure(path: string, found: FileStatus): void {
  const exposure = exposureOf(path, found);
  if (exposure === undefined) return;
  const what = found.isDirectory() ? 'credential directory' : 'credential file';
  throw new Failure(
    `cannot use the ${what} ${quote(path)}: ${exposure.reason}, and it is for passwords; ` +
      `${exposure.remedy}, or give --allow-insecure-permissions`,
  );
}

/** Throws a Failure with the mending command where somebody else could put another directory in the place of one. */
export function refuseExposureAbove(path: string): void {
  const exposed = exposedAbove(path);
  if (exposed === undefined) return;
  throw new Failure(
    `cannot use the credential directory ${quote(path)}, because of ${quote(exposed.directory)}: ` +
      `${exposed.reason}, and could exchange what is in it; ${exposed.remedy}, or give --allow-insecure-permissions`,
  );
}
