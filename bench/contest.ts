import { type Comparison, compare } from './comparison.ts';
import { type Contestant, peakMemory, wallTime } from './process.ts';

const WARM_UP_RUNS = 2;
const MEMORY_RUNS = 5;

/** Ours against other programs on one request. */
export interface Contest {
  readonly title: string;
  /** How often each runs for its time. */
  readonly runs: number;
  /** A file: the request on standard input. */
  readonly request: string;
  readonly ours: Contestant;
  readonly opponents: readonly NamedOpponent[];
}

/** The bars are the largest good ratios of ours to theirs. */
export interface NamedOpponent {
  readonly name: string;
  readonly contestant: Contestant;
  readonly bars: { readonly wallTime?: number; readonly peakMemory?: number };
}

/** Runs all in turn (A B A B …), so that a machine whose speed drifts treats them alike. */
async function hold(contest: Contest): Promise<Comparison[]> {
  const { title, request, runs } = contest;
  const contestants = [contest.ours, ...contest.opponents.map((one) => one.contestant)];
  await samplesInTurn(contestants, WARM_UP_RUNS, (one) => wallTime(one, request));
  const times = await samplesInTurn(contestants, runs, (one) => wallTime(one, request));
  const peaks = await samplesInTurn(contestants, MEMORY_RUNS, (one) => peakMemory(one, request));
  return [
    ...comparisons({ title, quantity: 'wall time' }, times, contest.opponents),
    ...comparisons({ title, quantity: 'peak memory' }, peaks, contest.opponents),
  ];
}

/** Holds contests one after the other, as they are prepared. */
export async function holdAll(contests: Iterable<Contest>): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const contest of contests) comparisons.push(...(await hold(contest)));
  return comparisons;
}

/** Samples of each contestant, taken in rounds. */
export async function samplesInTurn<Entrant>(
  contestants: readonly Entrant[],
  rounds: number,
  measure: (contestant: Entrant) => number | Promise<number>,
): Promise<number[][]> {
  const samples: number[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contestant] of contestants.entries()) {
      samples[index]?.push(await measure(contestant));
    }
  }
  return samples;
}

function comparisons(
  of: Pick<Comparison, 'title' | 'quantity'>,
  [ours = [], ...others]: readonly number[][],
  opponents: readonly NamedOpponent[],
): Comparison[] {
  if (opponents.length === 0) return [compare(of, ours)];
  return opponents.map(({ name, bars }, index) => {
    const bar = of.quantity === 'wall time' ? bars.wallTime : bars.peakMemory;
    const samples = others[index] ?? [];
    return compare(of, ours, { name, samples, ...(bar === undefined ? {} : { bar }) });
  });
}
