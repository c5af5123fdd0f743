import type { LogLevel, LogSink } from './log.ts';

const JOURNAL_SOCKET = '/run/systemd/journal/stdout';
const LONGEST_FLUSH_MS = 500;

/** Syslog priorities, sd-daemon(3). */
const PRIORITIES: Readonly<Record<LogLevel, number>> = { error: 3, warn: 4, info: 6, debug: 7 };

/** The systemd journal, reached through its stream socket. */
export interface Journal {
  readonly sink: LogSink;
  /** Resolves once the journal has all lines, or has not taken them for half a second. */
  flush(): Promise<void>;
}

/**
 * Connects to the journal (systemd-journald.service(8), the protocol of sd_journal_stream_fd(3)) under an
 * identifier. Where there is none, lines are dropped and nothing waits. Lines are handed over as they
 * come: the socket takes about 200 kB, and what it does not take is kept until it drains.
 */
export function connectJournal(identifier: string, socketPath: string = JOURNAL_SOCKET): Journal {
  let pending: Uint8Array[] = [encode(`${identifier}\n\n6\n1\n0\n0\n0\n`)];
  let socket: Bun.Socket | undefined;
  const done = Promise.withResolvers<void>();
  let isFlushing = false;

  const end = () => {
    socket = undefined;
    pending = [];
    closed = true;
    done.resolve();
  };
  let closed = false;

  const drain = () => {
    while (socket !== undefined && pending[0] !== undefined) {
      const written = socket.write(pending[0]);
      if (written < 0) return end();
      if (written < pending[0].length) {
        pending[0] = pending[0].subarray(written);
        return;
      }
      pending.shift();
    }
    if (isFlushing && socket !== undefined) done.resolve();
  };

  Bun.connect({
    unix: socketPath,
    // journald shuts its writing side at once; without these two the runtime would close ours.
    allowHalfOpen: true,
    socket: {
      open(opened) {
        socket = opened;
        drain();
      },
      drain,
      data() {},
      end() {},
      close: end,
      error: end,
    },
  }).catch(end);

  return {
    sink({ level, text }) {
      if (closed) return;
      pending.push(encode(`<${PRIORITIES[level]}>${text}\n`));
      drain();
    },
    flush() {
      isFlushing = true;
      drain();
      return Promise.race([done.promise, Bun.sleep(LONGEST_FLUSH_MS)]);
    },
  };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
