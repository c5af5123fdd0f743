import { readFileSync } from 'node:fs';
import { type RunningProgram, runningPrograms } from '../kubelet/running-kubelet.ts';

/** A service's process on this machine. */
export interface RunningService extends RunningProgram {
  /** Milliseconds since the epoch, to the second; undefined where proc(5) does not tell. */
  readonly startedAt: number | undefined;
  /** Its executable, which can be run even after another one took its place on the disk. */
  readonly executable: string;
}

/** What the kernel counts in, for every architecture (USER_HZ, time(7)). */
const TICKS_PER_SECOND = 100;
/** Of `/proc/PID/stat`, behind the command's name in parentheses. */
const START_TIME_FIELD = 19;

/** The processes of a program that see the same files as we do, with when they were started. */
export function runningServices(name: string, proc = '/proc'): readonly RunningService[] {
  return runningPrograms(name, proc).map((program) => ({
    ...program,
    startedAt: startOf(program.pid, proc),
    executable: `${proc}/${program.pid}/exe`,
  }));
}

function startOf(pid: number, proc: string): number | undefined {
  const bootedAt = Number(/^btime (\d+)$/m.exec(read(`${proc}/stat`))?.[1]);
  const fields = read(`${proc}/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  const ticks = Number(fields[START_TIME_FIELD]);
  const startedAt = (bootedAt + ticks / TICKS_PER_SECOND) * 1000;
  return Number.isFinite(startedAt) ? startedAt : undefined;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended meanwhile, or is hidden.
    return '';
  }
}
