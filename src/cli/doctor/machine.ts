import { deadlineIn } from '../../diagnostics/deadline.ts';
import { type Answer, readMetrics } from '../../node/kubelet-health.ts';
import type { DirectoryTree } from '../../node/node-tree.ts';
import { type RunningService, runningServices } from '../../node/running-service.ts';
import { runChild } from '../../providers/child-process.ts';
import { clientIdentities } from '../node-options.ts';

/** What runs on the machine whose files are looked at. */
export interface Machine {
  /** Whether processes of all users are seen, as root sees them. */
  readonly seesAll: boolean;
  /** The processes of a program, by its name. */
  services(name: string): readonly RunningService[];
  /** The kubelet's metrics, at a URL. */
  metrics(url: string): Promise<Answer>;
}

/** Runs a program to its end. */
export type RunProgram = (program: string, ...args: readonly string[]) => Promise<ProgramRun>;

/** What a program printed, or why it did not come to that. */
export type ProgramRun =
  | { readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly problem: string };

const LONGEST_MS = 20_000;
const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
};

/** This machine. */
export function thisMachine(tree: DirectoryTree): Machine {
  return {
    seesAll: process.geteuid?.() === 0,
    services: (name) => runningServices(name),
    metrics: (url) => readMetrics(url, clientIdentities(tree)),
  };
}

/** Programs of this machine, without our environment and for a limited time. */
export const runProgram: RunProgram = async (program, ...args) => {
  const deadline = deadlineIn(LONGEST_MS);
  const run = await runChild({
    command: [program, ...args],
    input: '',
    environment: ENVIRONMENT,
    deadline,
  });
  switch (run.kind) {
    case 'exited':
      return { code: run.code, stdout: run.stdout.toString(), stderr: run.stderr };
    case 'not-started':
      return { problem: `${program} cannot be run: ${run.reason}` };
    case 'overdue':
      return { problem: `${program} did not end within ${LONGEST_MS / 1000} s` };
    case 'flooded':
      return { problem: `${program} printed too much` };
  }
};
