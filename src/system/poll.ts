import { libc } from './libc.ts';

const POLLIN = 1;
const POLLOUT = 4;

/** Whether it can be told what would be waited for; else nobody may be asked, and all waits. */
export const canPoll = libc !== undefined;

/**
 * Whether a descriptor can be read from or written to without waiting (poll(2)): a pipe takes `PIPE_BUF` bytes
 * then. So can one that is at its end or broken, and the call tells how.
 */
export function isReady(fd: number, to: 'read' | 'write'): boolean {
  // A `struct pollfd`: the descriptor, and half a word each for what is asked and answered.
  const asked = new Uint32Array([fd, to === 'read' ? POLLIN : POLLOUT]);
  return libc?.poll(asked, 1, 0) !== 0;
}

/** What a pipe that is ready takes at least (pipe(7)), in bytes. */
export const PIPE_BUF = 4096;
