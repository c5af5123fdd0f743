import { map } from './lists.ts';
import type { LogLevel, LogLine, LogSink } from './log.ts';
import { isThere } from './read-file.ts';
import { utf8Bytes } from './utf8.ts';

const JOURNAL_SOCKET = '/run/systemd/journal/stdout';
const LONGEST_FLUSH_MS = 500;

interface JournalOptions {
  readonly socketPath?: string;
  /** How long a journal that does not read may hold up the end of the program, in milliseconds. */
  readonly longestFlush?: number;
}

/** Syslog priorities, sd-daemon(3). */
const PRIORITIES: Readonly<Record<LogLevel, number>> = { error: 3, warn: 4, info: 6, debug: 7 };

/**
 * A stream into the systemd journal (systemd-journald.service(8), the protocol of
 * sd_journal_stream_fd(3)) under an identifier. Where there is no journal, lines are dropped and nothing
 * waits. Lines are handed over as they come: the socket takes about 200 kB, and what it does not take is
 * kept until it drains.
 */
export class Journal {
  private pending: Uint8Array[] = [];
  private socket: Bun.Socket | undefined;
  /** Of `flush`, once that was called. */
  private done: PromiseWithResolvers<void> | undefined;
  private isOver = false;
  private readonly longestFlush: number;

  constructor(identifier: string, options: JournalOptions = {}) {
    const { socketPath = JOURNAL_SOCKET, longestFlush = LONGEST_FLUSH_MS } = options;
    this.longestFlush = longestFlush;
    // Setting up sockets takes a plugin 0.3 ms.
    if (!isThere(socketPath)) {
      this.end();
      return;
    }
    this.pending = [utf8Bytes(`${identifier}\n\n6\n1\n0\n0\n0\n`)];
    this.connect(socketPath);
  }

  private connect(socketPath: string): void {
    const end = () => this.end();
    Bun.connect({
      unix: socketPath,
      // journald shuts its writing side at once; without these two the runtime would close ours.
      allowHalfOpen: true,
      socket: {
        open: (socket) => this.open(socket),
        drain: () => this.drain(),
        data: () => undefined,
        end: () => undefined,
        close: end,
        error: end,
      },
    }).catch(end);
  }

  /** Writes lines with their priorities. */
  readonly sink: LogSink = (lines) => {
    if (this.isOver || lines.length === 0) return;
    this.pending.push(utf8Bytes(map(lines, entry).join('')));
    this.drain();
  };

  /** Whether the journal has not taken all lines yet. */
  get isWaiting(): boolean {
    return this.pending.length > 0;
  }

  /** Resolves once the journal has all lines, or has not taken them for half a second. */
  flush(): Promise<void> {
    this.done ??= Promise.withResolvers();
    if (this.isOver) this.done.resolve();
    else this.drain();
    return Promise.race([this.done.promise, Bun.sleep(this.longestFlush)]);
  }

  private open(socket: Bun.Socket): void {
    this.socket = socket;
    this.drain();
  }

  private drain(): void {
    if (this.socket === undefined) return;
    for (let next = this.pending[0]; next !== undefined; next = this.pending[0]) {
      const taken = this.socket.write(next);
      if (taken < next.length) {
        if (taken < 0) this.end();
        else this.pending[0] = next.subarray(taken);
        return;
      }
      this.pending.shift();
    }
    this.done?.resolve();
  }

  private end(): void {
    this.isOver = true;
    this.socket = undefined;
    this.pending = [];
    this.done?.resolve();
  }
}

function entry({ level, text }: LogLine): string {
  return `<${PRIORITIES[level]}>${text}\n`;
}
