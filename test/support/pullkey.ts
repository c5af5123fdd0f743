/** `pullkey` from source, for `bun`. */
export const MAIN = new URL('../../src/bin/main.ts', import.meta.url).pathname;

export interface PullkeyRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `pullkey` from source, as a process of its own, with the given standard input. */
export function pullkey(args: readonly string[], stdin: string | Uint8Array = ''): PullkeyRun {
  const run = Bun.spawnSync([process.execPath, MAIN, ...args], { stdin: Buffer.from(stdin) });
  return {
    exitCode: run.exitCode,
    stdout: run.stdout.toString(),
    stderr: run.stderr.toString(),
  };
}

/** The same while this process goes on, for servers that run in it. */
export async function pullkeyAsync(args: readonly string[]): Promise<PullkeyRun> {
  const run = Bun.spawn([process.execPath, MAIN, ...args], { stdout: 'pipe', stderr: 'pipe' });
  const [stdout, stderr] = await Promise.all([run.stdout.text(), run.stderr.text()]);
  return { exitCode: await run.exited, stdout, stderr };
}
