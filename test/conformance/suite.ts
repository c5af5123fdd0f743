import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One recorded case; the fields beside its name belong to the suite's format. */
export interface ConformanceCase {
  readonly name: string;
  readonly [field: string]: unknown;
}

export interface ConformanceFile {
  readonly path: string;
  readonly suite: string;
  readonly cases: readonly ConformanceCase[];
}

/** Compares our behaviour with a case: undefined when it is met, else what differs. */
export type Checker = (
  recorded: ConformanceCase,
) => string | undefined | Promise<string | undefined>;

const OWN_CASES = join(import.meta.dir, 'cases');
const SHARED_CASES = join(import.meta.dir, '../../../shared/conformance');

/** The project's own case files and those of PULLKEY_CONFORMANCE_DIR (default: the shared directory, where it exists). */
export function conformanceFiles(): ConformanceFile[] {
  const given = process.env['PULLKEY_CONFORMANCE_DIR'];
  return [...filesOf(OWN_CASES, true), ...filesOf(given ?? SHARED_CASES, given !== undefined)];
}

function filesOf(directory: string, mustExist: boolean): ConformanceFile[] {
  return caseFileNames(directory, mustExist).map((name) => {
    const path = join(directory, name);
    const { suite, cases } = JSON.parse(readFileSync(path, 'utf8')) as {
      suite: string;
      cases: ({ name?: string; index?: number } & Record<string, unknown>)[];
    };
    const named = cases.map((one, index) => ({
      ...one,
      name: one.name ?? `#${one.index ?? index}`,
    }));
    return { path, suite, cases: named };
  });
}

function caseFileNames(directory: string, mustExist: boolean): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (error) {
    if (mustExist) throw error;
    return [];
  }
}
