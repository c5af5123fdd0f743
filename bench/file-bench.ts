import { join } from 'node:path';
import { compile } from '../scripts/compile.ts';
import { Failure } from '../src/diagnostics/errors.ts';
import type { Comparison } from './comparison.ts';
import { holdAll } from './contest.ts';
import { freshCopy } from './executables.ts';
import { fileContests } from './file-rows.ts';
import { FileStore } from './file-store.ts';
import type { Settings } from './settings.ts';

const NAME = 'generic-credential-provider';

/** Measures the file provider: the time and memory of answers from the three ways to keep a credential. */
export async function measureFileProvider(
  { buildDirectory, genericBaseline, runs }: Settings,
  directory: string,
): Promise<Comparison[]> {
  const answer = join(directory, 'answer');
  compile({ entry: 'bench/answer.ts', outfile: answer });
  using store = new FileStore();
  await store.encrypt().catch(leaveOut);
  const copyOf = (executable: string, whose: string) =>
    freshCopy(executable, join(directory, whose), NAME);
  const contestants = {
    ours: copyOf(join(buildDirectory, 'pullkey'), 'ours'),
    answer: { command: [copyOf(answer, 'answer-alone')] },
    ...(genericBaseline === undefined ? {} : { baseline: copyOf(genericBaseline, 'baseline') }),
  };
  return await holdAll(fileContests(contestants, store, runs));
}

function leaveOut(error: unknown): void {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`the row of an encrypted file is left out: ${error.message}\n`);
}
