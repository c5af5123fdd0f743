import { checkers } from './checkers/index.ts';
import type { ConformanceFile } from './suite.ts';

export interface Verdict {
  readonly passed: number;
  readonly failures: readonly string[];
}

/** Runs every case of a file; undefined where no checker knows the suite. */
export async function runFile(file: ConformanceFile): Promise<Verdict | undefined> {
  const check = checkers[file.suite];
  if (check === undefined) return undefined;
  const failures: string[] = [];
  for (const recorded of file.cases) {
    const difference = await differenceOf(() => check(recorded));
    if (difference !== undefined) failures.push(`${recorded.name}: ${difference}`);
  }
  return { passed: file.cases.length - failures.length, failures };
}

async function differenceOf(
  check: () => string | undefined | Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await check();
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}
