import { errorCode, Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { wordsWithCode } from '../diagnostics/system-reason.ts';

const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'run this as root',
  EDQUOT: 'make room there',
  ENOSPC: 'make room there',
  EPERM: 'run this as root, and see lsattr for files that must not be changed',
  EROFS: 'remount it with rw',
};

/** Takes a step that changes a path of a node. Throws a Failure in place of the system's error. */
export function writing(path: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    const reason = errorCode(error);
    if (reason === undefined) throw error;
    const advice = ADVICE[reason] ?? 'see what lies there';
    throw new Failure(`cannot write ${plain(path)}: ${wordsWithCode(reason)}; ${advice}`, {
      cause: error,
    });
  }
}
