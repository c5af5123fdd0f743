import { test } from 'bun:test';

interface RealProgram {
  readonly path: string;
  /** `test`, skipped where the program is missing; with PULLKEY_REQUIRE_REAL=1 it fails instead. */
  readonly test: (title: string, check: () => Promise<void>) => void;
}

/** A program of the system that tests hold ours against, such as `skopeo`. */
export function realProgram(name: string): RealProgram {
  const path = Bun.which(name);
  if (path !== null) return { path, test: (title, check) => test(title, check, SLOW_MACHINE_MS) };
  if (process.env['PULLKEY_REQUIRE_REAL'] !== '1') return { path: name, test: test.skip };
  return { path: name, test: (title) => test(title, () => missing(name)) };
}

const SLOW_MACHINE_MS = 60_000;

function missing(name: string): never {
  throw new Error(`${name} is not installed, and PULLKEY_REQUIRE_REAL=1 asks for it`);
}

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with a home directory of its own instead of the developer's. */
export async function run(
  command: readonly string[],
  options: { readonly home: string; readonly stdin?: string },
): Promise<Finished> {
  const child = Bun.spawn([...command], {
    env: { PATH: process.env['PATH'] ?? '', HOME: options.home, LANG: 'C.UTF-8' },
    stdin: new Blob([options.stdin ?? '']),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, stdout, stderr };
}
