import type { ApiServerProcess } from './api-server-process.ts';
import { allAtOnce, memoryAtOnce, requestsAtOnce } from './at-once.ts';
import { coldStart } from './cold-start.ts';
import { type Comparison, compare } from './comparison.ts';
import { samplesInTurn } from './contest.ts';
import { type MirrorContestants, writeRegistriesConf } from './mirror-rows.ts';
import type { BenchNode } from './node.ts';
import { wallTime } from './process.ts';

const AT_ONCE = 50;
const AT_ONCE_BAR = 0.8;
const MEMORY_ROUNDS = 3;
const COLD_ROUNDS = 7;
const SITUATION = { secrets: 1, registries: 1 };

interface Surroundings {
  readonly node: BenchNode;
  readonly server: ApiServerProcess;
  readonly runs: number;
}

/** The mirror provider's rows that are no single runs from a warm page cache. */
export async function mirrorSpecials(
  contestants: MirrorContestants,
  { node, server, runs }: Surroundings,
): Promise<Comparison[]> {
  writeRegistriesConf(SITUATION, contestants);
  const { ours, baseline } = contestants;
  const programs = baseline === undefined ? [ours] : [ours, baseline];
  const requests = requestsAtOnce(node, AT_ONCE);
  const [request = ''] = requests;
  const crowds = programs.map((program) => allAtOnce(program, requests));
  const crowdRounds = Math.max(3, Math.round(runs / 4));
  const crowdTimes = await samplesInTurn(crowds, crowdRounds, (one) => wallTime(one, request));
  const memories = await samplesInTurn(programs, MEMORY_ROUNDS, (one) =>
    memoryAtOnce(one, requests, server),
  );
  const cold = await samplesInTurn(programs, COLD_ROUNDS, (one) => coldStart(one, request, false));
  const warmed = await samplesInTurn(programs, COLD_ROUNDS, (one) => coldStart(one, request, true));
  const crowd = `${AT_ONCE} at once`;
  return [
    against({ title: crowd, quantity: 'wall time' }, crowdTimes, AT_ONCE_BAR),
    against({ title: `${crowd}, all waiting`, quantity: 'sum of PSS' }, memories),
    against({ title: 'executable not in the page cache', quantity: 'wall time' }, cold),
    against({ title: 'the same, after reading it once', quantity: 'wall time' }, warmed),
  ];
}

function against(
  of: Pick<Comparison, 'title' | 'quantity'>,
  [ours = [], theirs]: readonly number[][],
  bar?: number,
): Comparison {
  if (theirs === undefined) return compare(of, ours);
  const other = { name: 'baseline', samples: theirs };
  return compare(of, ours, bar === undefined ? other : { ...other, bar });
}
