import { join } from 'node:path';
import { compile } from '../scripts/compile.ts';
import { startApiServer } from './api-server-process.ts';
import type { Comparison } from './comparison.ts';
import { holdAll } from './contest.ts';
import { freshCopy } from './executables.ts';
import { baselineProgram, ourProgram } from './mirror-programs.ts';
import { type MirrorContestants, mirrorContests } from './mirror-rows.ts';
import { mirrorSpecials } from './mirror-specials.ts';
import { BenchNode } from './node.ts';
import type { Settings } from './settings.ts';

/** Measures the mirror provider: the time and memory of whole pulls, from an API server of our own. */
export async function measureMirrorProvider(
  { buildDirectory, baseline, runs }: Settings,
  directory: string,
): Promise<Comparison[]> {
  const empty = join(directory, 'empty');
  compile({ entry: 'bench/empty.ts', outfile: empty });
  using server = await startApiServer();
  using node = new BenchNode(server);
  const contestants: MirrorContestants = {
    ours: ourProgram(join(buildDirectory, 'pullkey'), directory, node),
    floor: { command: [freshCopy(empty, join(directory, 'floor'), 'empty')] },
    ...(baseline === undefined ? {} : { baseline: baselineProgram(baseline, directory, node) }),
  };
  const comparisons = await holdAll(mirrorContests(contestants, node, runs));
  return [...comparisons, ...(await mirrorSpecials(contestants, { node, server, runs }))];
}
