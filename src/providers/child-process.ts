import type { Deadline } from '../diagnostics/deadline.ts';
import { errorCode } from '../diagnostics/errors.ts';
import { systemReason } from '../diagnostics/system-reason.ts';
import { utf8Bytes } from '../diagnostics/utf8.ts';

/** A program to run to its end. */
export interface ChildProcess {
  readonly command: readonly [program: string, ...args: string[]];
  /** Its whole standard input. Secrets go here: everybody can see arguments. */
  readonly input: string | Uint8Array;
  /** Its whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly deadline: Deadline;
}

/** How a program ended. */
export type ChildResult =
  | {
      readonly kind: 'exited';
      readonly code: number;
      readonly stdout: Buffer;
      readonly stderr: string;
    }
  /** Killed at the deadline. */
  | { readonly kind: 'overdue' }
  /** Killed because it printed more than MOST_OUTPUT. */
  | { readonly kind: 'flooded' }
  | { readonly kind: 'not-started'; readonly reason: string; readonly isMissing: boolean };

/** The most that a program may print, in bytes. */
export const MOST_OUTPUT = 256 * 1024;

/** Runs a program in a process group of its own, which is killed as a whole at the deadline. */
export async function runChild(run: ChildProcess): Promise<ChildResult> {
  const child = start(run);
  if ('reason' in child) return child;
  const { promise: broken, resolve: breakOff } = Promise.withResolvers<'overdue' | 'flooded'>();
  run.deadline.signal.addEventListener('abort', () => breakOff('overdue'));
  if (run.deadline.signal.aborted) breakOff('overdue');
  const flooded = () => breakOff('flooded');
  const finished = Promise.all([
    readAll(child.stdout, flooded),
    readAll(child.stderr, flooded),
    child.exited,
  ]);
  // Where nobody waits for it any more, its rejection is nobody's.
  finished.catch(() => undefined);
  const result = await Promise.race([finished, broken]);
  if (typeof result === 'string') {
    killGroup(child.pid);
    return { kind: result };
  }
  const [stdout, stderr, code] = result;
  return { kind: 'exited', code, stdout, stderr: stderr.toString() };
}

function start({ command, input, environment }: ChildProcess) {
  try {
    return Bun.spawn([...command], {
      stdin: typeof input === 'string' ? utf8Bytes(input) : input,
      stdout: 'pipe',
      stderr: 'pipe',
      env: { ...environment },
      detached: true,
    });
  } catch (error) {
    const isMissing = errorCode(error) === 'ENOENT';
    return { kind: 'not-started', reason: systemReason(error), isMissing } as const;
  }
}

async function readAll(stream: ReadableStream<Uint8Array>, flooded: () => void): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MOST_OUTPUT) {
      flooded();
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
