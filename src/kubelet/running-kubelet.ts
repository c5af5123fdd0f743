import { readdirSync, readFileSync, statSync } from 'node:fs';

/** A process of this machine. */
export interface RunningProgram {
  readonly pid: number;
  /** Its command line, without its own name. */
  readonly args: readonly string[];
}

/** A kubelet that runs on this machine. */
export type RunningKubelet = RunningProgram;

/**
 * The kubelets that run here and see the same files as we do; of those in containers only a container's
 * own. Empty where none runs, or proc(5) hides it.
 */
export function runningKubelets(proc = '/proc'): RunningKubelet[] {
  return runningPrograms('kubelet', proc);
}

/** The same for any program, by its file's name; one that has put its arguments into its title counts too. */
export function runningPrograms(name: string, proc = '/proc'): RunningProgram[] {
  const own = rootOf(proc, 'self');
  const isMeant = (title: string): boolean => title.split(' ')[0]?.split('/').at(-1) === name;
  return processes(proc)
    .map((pid) => ({ pid, commandLine: commandLineOf(proc, pid) }))
    .filter(({ commandLine }) => isMeant(commandLine[0] ?? ''))
    .filter(({ pid }) => rootOf(proc, String(pid)) === own)
    .map(({ pid, commandLine }) => ({ pid, args: commandLine.slice(1) }));
}

/** The value of a flag, as `--name value` or `--name=value`, with one dash or two; the last one counts. */
export function flagValue(args: readonly string[], name: string): string | undefined {
  const index = args.findLastIndex((arg) => new RegExp(`^--?${name}(?:=|$)`).test(arg));
  const arg = args[index];
  if (arg === undefined) return undefined;
  return arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : args[index + 1];
}

function processes(proc: string): number[] {
  try {
    return readdirSync(proc).map(Number).filter(Number.isInteger);
  } catch {
    // Without proc(5) nothing is known to run.
    return [];
  }
}

function commandLineOf(proc: string, pid: number): string[] {
  try {
    return readFileSync(`${proc}/${pid}/cmdline`, 'utf8').replace(/\0$/, '').split('\0');
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

/**
 * The directory that a process sees as `/`: a kubelet in a container has another one, a kubelet in a mount
 * namespace of its own (OpenShift's kubens) has not. Undefined also where we may not look.
 */
function rootOf(proc: string, pid: string): string | undefined {
  try {
    const { dev, ino } = statSync(`${proc}/${pid}/root`);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
