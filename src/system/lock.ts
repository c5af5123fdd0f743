import { libc } from './libc.ts';

const LOCK_SHARED = 1;
const LOCK_EXCLUSIVE = 2;
const LOCK_WITHOUT_WAITING = 4;
const EWOULDBLOCK = 11;

/**
 * Takes a lock of an open file or directory (flock(2)), which goes when that is closed; false where another's
 * stands in the way. Where there are no locks, none does.
 */
export function tryLock(fd: number, kind: 'shared' | 'exclusive'): boolean {
  const operation = (kind === 'shared' ? LOCK_SHARED : LOCK_EXCLUSIVE) | LOCK_WITHOUT_WAITING;
  return libc === undefined || libc.flock(fd, operation) === 0 || libc.errno() !== EWOULDBLOCK;
}
