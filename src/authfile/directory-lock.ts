import { closeSync, openSync } from '../system/fs.ts';
import { tryLock } from '../system/lock.ts';
import { O_DIRECTORY, O_RDONLY } from '../system/open-flags.ts';
import { directoryOf } from './path.ts';

const PAUSE_MS = 1;
const MOST_PAUSES = 50;

/**
 * Runs a step under a lock of a file's directory: who publishes shares it, who cleans up has it alone, so that
 * nothing is published between looking at a file and setting it aside. The step is told whether the lock was
 * to be had; a process that stands still with it holds nobody up for long. Throws the system's error.
 */
export function withDirectoryLock<T>(
  path: string,
  kind: 'shared' | 'exclusive',
  step: (isLocked: boolean) => T,
): T {
  const descriptor = openSync(directoryOf(path), O_RDONLY | O_DIRECTORY);
  try {
    return step(isLocked(descriptor, kind));
  } finally {
    closeSync(descriptor);
  }
}

function isLocked(descriptor: number, kind: 'shared' | 'exclusive'): boolean {
  for (let pauses = 0; pauses < MOST_PAUSES; pauses += 1) {
    if (tryLock(descriptor, kind)) return true;
    Bun.sleepSync(PAUSE_MS);
  }
  return false;
}
