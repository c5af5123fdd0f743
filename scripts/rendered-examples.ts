// The files under deploy/ and examples/ that are the output of a command, as the tables of their
// README.md name them. `bun scripts/rendered-examples.ts` (`make examples`) writes them anew.
import { readFileSync, writeFileSync } from 'node:fs';

const ROOT = new URL('../', import.meta.url).pathname;
const MAIN = `${ROOT}src/bin/main.ts`;
const DIRECTORIES = ['deploy', 'examples'];
const ROW = /^\| `([^`]+)` \| `pullkey ([^`]+)` \|$/gm;

export interface RenderedExample {
  /** Below the root of the repository. */
  readonly path: string;
  /** Where the command runs. */
  readonly directory: string;
  readonly args: readonly string[];
}

/** Every row of the tables. */
export function renderedExamples(): readonly RenderedExample[] {
  return DIRECTORIES.flatMap((name) => {
    const directory = ROOT + name;
    const rows = readFileSync(`${directory}/README.md`, 'utf8').matchAll(ROW);
    return Array.from(rows, ([, file = '', args = '']) => ({
      path: `${name}/${file}`,
      directory,
      args: args.split(' '),
    }));
  });
}

/** What the command of an example prints now. Throws where it fails. */
export function renderExample({ path, directory, args }: RenderedExample): string {
  const run = Bun.spawnSync([process.execPath, MAIN, ...args], {
    cwd: directory,
    // No cluster at hand: what stands in the repository is the same everywhere.
    env: { ...process.env, KUBECONFIG: '/dev/null' },
  });
  if (run.exitCode !== 0) throw new Error(`${path}: ${run.stderr.toString()}`);
  return run.stdout.toString();
}

if (import.meta.main) {
  for (const example of renderedExamples())
    writeFileSync(ROOT + example.path, renderExample(example));
}
