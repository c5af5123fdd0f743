import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** As in a service unit without settings: what is in the caller's environment must not change a figure. */
export const CLEAN_ENVIRONMENT = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' };

const TIME = '/usr/bin/time';

/** One of the programs that are compared, as it is started. */
export interface Contestant {
  readonly command: readonly string[];
  /** Called after each run, outside the measured time, with what it wrote to standard error. */
  finish?(log: string): void;
}

/** Runs a program on a request file; milliseconds from its start to its end, pipes read. */
export function wallTime(contestant: Contestant, request: string): number {
  return timed(contestant, request).milliseconds;
}

/** Runs a program on a request file; what it writes to standard output. */
export function answerOf(contestant: Contestant, request: string): string {
  return timed(contestant, request).stdout.toString();
}

interface TimedRun {
  readonly milliseconds: number;
  readonly stdout: Buffer;
}

/** Throws where the program fails. */
function timed({ command, finish }: Contestant, request: string): TimedRun {
  const stdin = openSync(request, 'r');
  try {
    const start = performance.now();
    const run = Bun.spawnSync([...command], {
      stdin,
      stdout: 'pipe',
      stderr: 'pipe',
      env: CLEAN_ENVIRONMENT,
    });
    const milliseconds = performance.now() - start;
    const log = run.stderr.toString();
    if (run.exitCode !== 0) throw new Error(`${command.join(' ')} failed: ${log.slice(-500)}`);
    finish?.(log);
    return { milliseconds, stdout: run.stdout };
  } finally {
    closeSync(stdin);
  }
}

/**
 * Runs a program on a request file; its peak memory in bytes, as GNU time reports it. The runtime's own
 * figure for a child would be at least its parent's size.
 */
export function peakMemory({ command, finish }: Contestant, request: string): number {
  if (!existsSync(TIME)) throw new Error(`${TIME} is missing; install GNU time`);
  const directory = mkdtempSync(join(tmpdir(), 'pullkey-bench-'));
  try {
    const report = join(directory, 'peak');
    const measured = [TIME, '-f', '%M', '-o', report, ...command];
    wallTime({ command: measured, ...(finish === undefined ? {} : { finish }) }, request);
    return Number(readFileSync(report, 'utf8')) * 1024;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
