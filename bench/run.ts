// Measures the plugins as whole processes; see docs/performance.md. Usage: bun bench/run.ts BUILD_DIRECTORY
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../scripts/compile.ts';
import { startApiServer } from './api-server-process.ts';
import type { Comparison } from './comparison.ts';
import { hold } from './contest.ts';
import { machine } from './machine.ts';
import { baselineProgram, freshCopy, ourProgram } from './mirror-programs.ts';
import { type MirrorContestants, mirrorContests } from './mirror-rows.ts';
import { mirrorSpecials } from './mirror-specials.ts';
import { BenchNode } from './node.ts';
import { json, table } from './report.ts';
import { settingsFrom } from './settings.ts';

const settings = settingsFrom(process.env, process.argv[2] ?? 'build');
const directory = join(settings.buildDirectory, 'bench');
const empty = join(directory, 'empty');
compile({ entry: 'bench/empty.ts', outfile: empty });

const where = machine();
using server = await startApiServer();
using node = new BenchNode(server);
const contestants: MirrorContestants = {
  ours: ourProgram(join(settings.buildDirectory, 'pullkey'), directory, node),
  floor: { command: [freshCopy(empty, join(directory, 'floor'))] },
  ...(settings.baseline === undefined
    ? {}
    : { baseline: baselineProgram(settings.baseline, directory, node) }),
};

const comparisons: Comparison[] = [];
for (const contest of mirrorContests(contestants, node, settings.runs)) {
  comparisons.push(...(await hold(contest)));
}
comparisons.push(...(await mirrorSpecials(contestants, { node, server, runs: settings.runs })));

process.stdout.write(table(where, comparisons));
if (settings.jsonFile !== undefined) writeFileSync(settings.jsonFile, json(where, comparisons));
