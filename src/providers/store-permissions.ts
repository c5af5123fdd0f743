import type { Stats } from 'node:fs';
import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { shellWord } from '../diagnostics/shell-word.ts';

const GROUP_OR_OTHERS = 0o077;
const GROUP_OR_OTHERS_WRITE = 0o022;
const PERMISSION_BITS = 0o7777;

/** Why somebody else could read or change a file, and the command that ends it. */
export interface Exposure {
  readonly reason: string;
  readonly remedy: string;
}

/** Whether anybody but root and this process's user could read or change a file or directory. */
export function exposureOf(path: string, found: Stats): Exposure | undefined {
  if ((found.mode & GROUP_OR_OTHERS) === 0) return foreignOwner(path, found);
  return {
    reason: `group or others can use it (mode ${modeText(found)})`,
    remedy: `chmod ${found.isDirectory() ? '0700' : '0600'} ${shellWord(path)}`,
  };
}

/** Whether anybody but root and this process's user could change a program or its directory. */
export function changeableBy(path: string, found: Stats): Exposure | undefined {
  if ((found.mode & GROUP_OR_OTHERS_WRITE) === 0) return foreignOwner(path, found);
  return {
    reason: `group or others can write it (mode ${modeText(found)})`,
    remedy: `chmod go-w ${shellWord(path)}`,
  };
}

function foreignOwner(path: string, { uid }: Stats): Exposure | undefined {
  if (uid === 0 || uid === process.geteuid?.()) return undefined;
  return { reason: `user ${uid} owns it`, remedy: `chown root ${shellWord(path)}` };
}

/** A mode as chmod(1) takes it: `0600`. */
export function modeText({ mode }: Stats): string {
  return (mode & PERMISSION_BITS).toString(8).padStart(4, '0');
}

/** Throws a Failure with the mending command where somebody else could read or change a file or directory. */
export function refuseExposure(path: string, found: Stats): void {
  const exposure = exposureOf(path, found);
  if (exposure === undefined) return;
  const what = found.isDirectory() ? 'credential directory' : 'credential file';
  throw new Failure(
    `cannot use the ${what} ${quote(path)}: ${exposure.reason}, and it is for passwords; ` +
      `${exposure.remedy}, or give --allow-insecure-permissions`,
  );
}
