import { readFileSync } from 'node:fs';
import type { ApiServerProcess } from './api-server-process.ts';
import type { BenchNode } from './node.ts';
import { CLEAN_ENVIRONMENT, type Contestant } from './process.ts';

const POLL_MS = 20;
const LONGEST_WAIT_MS = 60_000;
const SITUATION = { secrets: 1, registries: 1 };

/** Requests for so many images, as when a node that comes up starts its pods. */
export function requestsAtOnce(node: BenchNode, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    node.writeRequest(SITUATION, `docker.io/library/app-${index}`),
  );
}

/** One run of a program per request, all at once, as one contestant: a shell starts them and waits. */
export function allAtOnce(contestant: Contestant, requests: readonly string[]): Contestant {
  const command = contestant.command.map(shellWord).join(' ');
  const starts = requests.map((path) => `${command} <${path} >/dev/null 2>${logOf(path)} &\n`);
  return {
    command: ['/bin/sh', '-c', `${starts.join('')}wait`],
    finish: () => {
      for (const path of requests) contestant.finish?.(readFileSync(logOf(path), 'utf8'));
    },
  };
}

/** The sum of the memory of all runs while they wait for the API server (PSS, in bytes). */
export async function memoryAtOnce(
  contestant: Contestant,
  requests: readonly string[],
  server: ApiServerProcess,
): Promise<number> {
  await server.hold();
  const children = requests.map((path) =>
    Bun.spawn([...contestant.command], {
      stdin: Bun.file(path),
      stdout: 'ignore',
      stderr: Bun.file(logOf(path)),
      env: CLEAN_ENVIRONMENT,
    }),
  );
  await allWait(server, children.length);
  const total = children.reduce((sum, { pid }) => sum + proportionalSetSize(pid), 0);
  await server.release();
  await Promise.all(children.map((child) => child.exited));
  for (const path of requests) contestant.finish?.(readFileSync(logOf(path), 'utf8'));
  return total;
}

async function allWait(server: ApiServerProcess, count: number): Promise<void> {
  const end = Date.now() + LONGEST_WAIT_MS;
  while ((await server.waiting()) < count) {
    if (Date.now() > end) throw new Error(`not all of ${count} runs came to ask the API server`);
    await Bun.sleep(POLL_MS);
  }
}

/** Memory of a process where what it shares counts in parts; proc(5). */
function proportionalSetSize(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]) * 1024;
}

function logOf(request: string): string {
  return `${request}.log`;
}

function shellWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
