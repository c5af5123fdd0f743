const MAIN = new URL('../../src/bin/main.ts', import.meta.url).pathname;

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
