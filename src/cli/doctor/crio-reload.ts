import { CRIO_SERVICE } from '../../node/crio-settings.ts';
import { journalLines } from '../../node/plugin-journal.ts';
import type { RunningService } from '../../node/running-service.ts';
import type { ProgramRun } from './machine.ts';
import type { NodeWorld } from './node-world.ts';

/** When a CRI-O that runs was last told to read its files again, as far as that can be seen. */
export type Reload = { readonly at: number | undefined } & (
  | { readonly isWhole: true }
  /** A reload may have gone by unseen. */
  | { readonly isWhole: false; readonly problem: string }
);

/** What CRI-O says at level info once it has read registries.conf anew (cri-o pkg/config/reload.go). */
const APPLIED = 'Applied new registry configuration';
/** Levels at which it says so. */
const TALKATIVE: readonly string[] = ['info', 'debug', 'trace'];

/** Asks systemd for `systemctl reload`, and the journal for a signal that somebody sent by hand. */
export async function lastReload(
  { run }: Pick<NodeWorld, 'run'>,
  crio: RunningService,
  logLevel: string,
): Promise<Reload> {
  const ofSystemd = stateChange(
    await run(
      'systemctl',
      'show',
      CRIO_SERVICE,
      '--property=StateChangeTimestamp',
      '--timestamp=us+utc',
    ),
  );
  const told = await run(
    'journalctl',
    '--no-pager',
    '--output=json',
    '--reverse',
    '--lines=1',
    `--grep=${APPLIED}`,
    `_PID=${crio.pid}`,
  );
  const lines = 'stdout' in told ? journalLines(told.stdout) : [];
  const times = [ofSystemd, ...lines.map(({ at }) => at)].filter((at) => at !== undefined);
  const at = times.length === 0 ? undefined : Math.max(...times);
  const problem = journalProblem(told, logLevel);
  return problem === undefined ? { at, isWhole: true } : { at, isWhole: false, problem };
}

/** A unit's state changes at its start and at each reload. */
function stateChange(run: ProgramRun): number | undefined {
  if (!('stdout' in run)) return undefined;
  const [, date, time] = /^StateChangeTimestamp=\S+ (\S+) (\S+) UTC$/m.exec(run.stdout) ?? [];
  const at = Date.parse(`${date}T${time}Z`);
  return Number.isNaN(at) ? undefined : at;
}

function journalProblem(run: ProgramRun, logLevel: string): string | undefined {
  if ('problem' in run) return run.problem;
  if (!TALKATIVE.includes(logLevel)) return `CRI-O logs nothing of it at level ${logLevel}`;
  // journalctl ends with 1 where nothing matches.
  return run.stderr.trim() === '' ? undefined : 'the journal cannot be read';
}
