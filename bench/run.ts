// Measures the plugins as whole processes; see docs/performance.md. Usage: bun bench/run.ts BUILD_DIRECTORY
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison } from './comparison.ts';
import { measureFileProvider } from './file-bench.ts';
import { machine } from './machine.ts';
import { measureMirrorProvider } from './mirror-bench.ts';
import { json, table } from './report.ts';
import { type Provider, type Settings, settingsFrom } from './settings.ts';

const MEASURE: Readonly<
  Record<Provider, (settings: Settings, directory: string) => Promise<Comparison[]>>
> = { mirror: measureMirrorProvider, file: measureFileProvider };

const settings = settingsFrom(process.env, process.argv[2] ?? 'build');
const where = machine();
const comparisons: Comparison[] = [];
for (const provider of settings.providers) {
  comparisons.push(...(await MEASURE[provider](settings, join(settings.buildDirectory, 'bench'))));
}
process.stdout.write(table(where, comparisons));
if (settings.jsonFile !== undefined) writeFileSync(settings.jsonFile, json(where, comparisons));
