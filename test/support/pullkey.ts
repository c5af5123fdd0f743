/** `pullkey` from source, for `bun`. */
export const MAIN = new URL('../../src/bin/main.ts', import.meta.url).pathname;

/** Without a cluster at hand: a kubeconfig of whoever runs the tests is nobody's business. */
const ENVIRONMENT = { ...process.env, KUBECONFIG: '/dev/null' };

export interface PullkeyRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `pullkey` from source, as a process of its own, with the given standard input. */
export function pullkey(args: readonly string[], stdin: string | Uint8Array = ''): PullkeyRun {
  const run = Bun.spawnSync([process.execPath, MAIN, ...args], {
    stdin: Buffer.from(stdin),
    env: ENVIRONMENT,
  });
  return {
    exitCode: run.exitCode,
    stdout: run.stdout.toString(),
    stderr: run.stderr.toString(),
  };
}

/** The same while this process goes on, for servers that run in it; with these variables besides. */
export async function pullkeyAsync(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<PullkeyRun> {
  const run = Bun.spawn([process.execPath, MAIN, ...args], {
    stdout: 'pipe',
    stderr: 'pipe',
    env: { ...ENVIRONMENT, ...environment },
  });
  const [stdout, stderr] = await Promise.all([run.stdout.text(), run.stderr.text()]);
  return { exitCode: await run.exited, stdout, stderr };
}
