import { expect } from 'bun:test';

const BUILD = new URL('../../build', import.meta.url).pathname;

/** Runs each command that a report of `pullkey doctor -o json` tells for what is broken, once. */
export function runRemedies(report: string): void {
  const { checks }: { checks: readonly Record<string, never>[] } = JSON.parse(report);
  const commands = checks.flatMap(({ verdict, remedy }: { verdict?: string; remedy?: unknown }) =>
    verdict === 'broken' && hasCommand(remedy) ? [remedy.command] : [],
  );
  expect(commands).not.toEqual([]);
  for (const command of new Set(commands)) {
    const env = { PATH: `${BUILD}:${process.env['PATH'] ?? ''}` };
    expect(Bun.spawnSync(['sh', '-c', command], { env }).exitCode).toBe(0);
  }
}

function hasCommand(remedy: unknown): remedy is { readonly command: string } {
  return typeof remedy === 'object' && remedy !== null && 'command' in remedy;
}
