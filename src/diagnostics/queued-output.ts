import { writeSync } from '../system/fs.ts';
import { isReady, PIPE_BUF } from '../system/poll.ts';
import { errorCode } from './errors.ts';
import { utf8Bytes } from './utf8.ts';

const POLL_MS = 1;

/**
 * A standard stream that holds nobody up: what it does not take at once is kept, in order, and written when
 * it is read. Where poll(2) cannot be called (`canPoll`), it is waited for.
 */
export class QueuedOutput {
  private readonly fd: number;
  private pending: Uint8Array[] = [];

  /** For 1 or 2. */
  constructor(fd: number) {
    this.fd = fd;
  }

  /** Throws the system's error where the stream takes nothing any more (`EPIPE`, `ENOSPC`); then all is dropped. */
  readonly write = (text: string): void => {
    if (text === '') return;
    this.pending.push(utf8Bytes(text));
    this.drain();
  };

  /** Whether something was not taken yet. */
  get isWaiting(): boolean {
    return this.pending.length > 0;
  }

  /** Waits until all is taken or that time (milliseconds since the epoch) has come; tells whether it is. Throws as `write`. */
  async flush(until: number): Promise<boolean> {
    while (this.isWaiting) {
      if (Date.now() >= until) return false;
      await Bun.sleep(POLL_MS);
      this.drain();
    }
    return true;
  }

  private drain(): void {
    try {
      for (let next = this.pending[0]; next !== undefined; next = this.pending[0]) {
        if (!isReady(this.fd, 'write')) return;
        const taken = writeSync(this.fd, next.subarray(0, PIPE_BUF), 0);
        if (taken < next.length) this.pending[0] = next.subarray(taken);
        else this.pending.shift();
      }
    } catch (error) {
      if (errorCode(error) === 'EAGAIN') return;
      this.pending = [];
      throw error;
    }
  }
}
