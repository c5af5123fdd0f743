import { execFileSync } from 'node:child_process';
import { alignCode } from './huge-pages.ts';
import { closeRuntimeDoors } from './runtime-doors.ts';

/** What goes into an executable. */
export interface Compilation {
  /** A TypeScript file. */
  readonly entry: string;
  readonly outfile: string;
  /** As `bun build --target` takes it; this machine's by default. */
  readonly target?: string;
  /** In which order the functions are used first, as scripts/bytecode-order.ts records it. */
  readonly bytecodeOrder?: string;
  /** Global names and the JSON that stands for them. */
  readonly define?: Readonly<Record<string, unknown>>;
}

/** Compiles a program into one executable. Throws where the compiler fails. */
export function compile(compilation: Compilation): void {
  const { entry, outfile, target, bytecodeOrder, define = {} } = compilation;
  execFileSync(
    process.execPath,
    [
      'build',
      entry,
      '--compile',
      '--bytecode',
      '--minify',
      '--format=esm',
      // Without splitting, a lazily imported room would be loaded by the plugins as well.
      '--splitting',
      '--conditions=bundled',
      // The runtime compiles a function ten times later than it would by itself: a plugin that runs for
      // 10 ms only pays for machine code, and 5,000 Secrets still get it.
      '--compile-jit-policy=10',
      // Root must never run what happens to lie in the working directory.
      '--no-compile-autoload-dotenv',
      '--no-compile-autoload-bunfig',
      '--no-compile-autoload-tsconfig',
      '--no-compile-autoload-package-json',
      ...(bytecodeOrder === undefined ? [] : [`--bytecode-order=${bytecodeOrder}`]),
      ...(target === undefined ? [] : [`--target=${target}`]),
      ...Object.entries(define).map(([name, value]) => `--define=${name}=${JSON.stringify(value)}`),
      `--outfile=${outfile}`,
    ],
    { stdio: 'inherit' },
  );
  alignCode(outfile);
  closeRuntimeDoors(outfile);
}
