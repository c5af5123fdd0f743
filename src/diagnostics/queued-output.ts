import { fstatSync, openSync, writeSync } from '../system/fs.ts';
import { O_NONBLOCK, O_WRONLY } from '../system/open-flags.ts';
import { errorCode } from './errors.ts';

const POLL_MS = 1;

/**
 * A standard stream that holds nobody up: what a full pipe does not take is kept, in order, and written when
 * it is read. Only pipes can be full without end, and so only they are written to without waiting; a socket
 * or terminal is waited for.
 */
export class QueuedOutput {
  private readonly standardStream: number;
  private fd: number | undefined;
  private pending: Uint8Array[] = [];

  /** For 1 or 2; nothing is opened before something is written. */
  constructor(standardStream: number) {
    this.standardStream = standardStream;
  }

  /** Throws the system's error where the stream takes nothing any more (`EPIPE`, `ENOSPC`); then all is dropped. */
  readonly write = (text: string): void => {
    this.pending.push(new TextEncoder().encode(text));
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
    this.fd ??= withoutWaiting(this.standardStream);
    try {
      for (let next = this.pending[0]; next !== undefined; next = this.pending[0]) {
        const taken = writeSync(this.fd, next, 0);
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

/** A pipe opened anew has flags of its own, so that its other users are not changed. */
function withoutWaiting(fd: number): number {
  try {
    if (!fstatSync(fd).isFIFO()) return fd;
    return openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK);
  } catch {
    // It is closed, has no reader, is another user's, or there is no /proc: writing shows what comes of it.
    return fd;
  }
}
