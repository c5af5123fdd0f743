import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Contest, NamedOpponent } from './contest.ts';
import type { MirrorProgram } from './mirror-programs.ts';
import { type BenchNode, registriesConfText, type Situation } from './node.ts';
import type { Contestant } from './process.ts';

const PEAK_MEMORY = 1.9;

interface Row {
  readonly title: string;
  readonly situation: Situation;
  /** The largest good ratio of wall times to the baseline. */
  readonly wallTime?: number;
  /** Rows that take long run less often. */
  readonly shareOfRuns: number;
}

const ROWS: readonly Row[] = [
  { title: '1 Secret', ...of({ secrets: 1 }), wallTime: 0.9, shareOfRuns: 1 },
  { title: '100 Secrets', ...of({ secrets: 100 }), shareOfRuns: 0.5 },
  { title: '1,000 Secrets', ...of({ secrets: 1000 }), wallTime: 0.4, shareOfRuns: 0.3 },
  { title: '5,000 Secrets', ...of({ secrets: 5000 }), wallTime: 0.35, shareOfRuns: 0.2 },
  { title: '500 registries', ...of({ registries: 500 }), shareOfRuns: 0.5 },
  { title: '5,000 registries', ...of({ registries: 5000 }), wallTime: 0.8, shareOfRuns: 0.3 },
];

function of(situation: Partial<Situation>): { readonly situation: Situation } {
  return { situation: { secrets: 1, registries: 1, ...situation } };
}

export interface MirrorContestants {
  readonly ours: MirrorProgram;
  readonly baseline?: MirrorProgram;
  /** The empty program. */
  readonly floor: Contestant;
}

/** The mirror provider's rows, one after the other; each prepares its files when its turn comes. */
export function* mirrorContests(
  contestants: MirrorContestants,
  node: BenchNode,
  runs: number,
): Generator<Contest> {
  const { ours, baseline } = contestants;
  for (const [index, { title, situation, wallTime, shareOfRuns }] of ROWS.entries()) {
    writeRegistriesConf(situation, contestants);
    const opponents: NamedOpponent[] = [];
    if (baseline !== undefined) {
      const bars = { peakMemory: PEAK_MEMORY, ...(wallTime === undefined ? {} : { wallTime }) };
      opponents.push({ name: 'baseline', contestant: baseline, bars });
    }
    if (index === 0) {
      const bars = { wallTime: 2.4 };
      opponents.push({ name: 'empty program', contestant: contestants.floor, bars });
    }
    const request = node.writeRequest(situation);
    yield { title, runs: Math.max(5, Math.round(runs * shareOfRuns)), request, ours, opponents };
  }
}

/** Gives each program the registries.conf of a situation. */
export function writeRegistriesConf(
  situation: Situation,
  { ours, baseline }: MirrorContestants,
): void {
  for (const { registriesConf } of [ours, baseline ?? ours]) {
    mkdirSync(dirname(registriesConf), { recursive: true });
    writeFileSync(registriesConf, registriesConfText(situation));
  }
}
