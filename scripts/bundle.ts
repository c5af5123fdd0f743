import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  rmSync(outdir, { recursive: true, force: true });
  for (const entry of entries) {
    const args = ['build', entry, '--target=bun', '--format=esm', '--packages=external'];
    execFileSync(process.execPath, [...args, `--outdir=${outdir}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const file = join(outdir, `${basename(entry, '.ts')}.js`);
    // The bundler's name for `require`, by which the compiler would not see what is meant.
    const code = readFileSync(file, 'utf8').replaceAll('__require(', 'require(');
    writeFileSync(file, await withFewerFunctions(code));
  }
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
