import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { minify } from 'terser';

/**
 * Bundles programs into a directory, each for itself, so that none shares a file with the others or with
 * the rest: the compiler would put what two share into files of their own, and to load four files instead
 * of one takes a plugin 0.3 ms more. package.json has the compiler take these files under the condition
 * `bundled` (`imports`). The packages stay outside, to be loaded when they are needed. Throws where the
 * bundler fails.
 */
export async function bundle(entries: readonly string[], outdir: string): Promise<void> {
  mkdirSync(outdir, { recursive: true });
  for (const entry of entries) {
    const args = ['build', entry, '--target=bun', '--format=esm', '--packages=external'];
    const bundled = execFileSync(process.execPath, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // The bundler's name for `require`, by which the compiler would not see what is meant.
    const code = await withFewerFunctions(bundled.replaceAll('__require(', 'require('));
    writeIfOther(join(outdir, `${basename(entry, '.ts')}.js`), code);
  }
}

/** Who built before may have been another user; what is the same need not be written. */
function writeIfOther(file: string, text: string): void {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}

/**
 * A function that is called from one place moves there, and a constant to where it is used, which the
 * compiler does not do: half as many functions are there to be made when the plugin starts.
 */
async function withFewerFunctions(code: string): Promise<string> {
  const { code: smaller } = await minify(code, {
    module: true,
    // Arrows where they do: a function of the older kind is also a constructor.
    ecma: 2020,
    compress: { passes: 3 },
    // The compiler gives short names.
    mangle: false,
  });
  if (smaller === undefined) throw new Error('terser gave no code');
  return smaller;
}
