// Compiles the one executable. Usage: bun scripts/build.ts OUTFILE, with GOOS, GOARCH and
// REGISTRIES_CONF in the environment as `make` sets them.
import { spawnSync } from 'node:child_process';
import { dependencies, version } from '../package.json';
import { bundle } from './bundle.ts';
import { compile } from './compile.ts';

const ARCHITECTURES: Readonly<Record<string, string>> = { amd64: 'x64', arm64: 'arm64' };

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`set ${name}`);
  return value;
}

/** Output of a git command, or `unknown` where the source is not a git checkout (a release archive). */
function git(...args: string[]): string {
  const run = spawnSync('git', args, { encoding: 'utf8' });
  return run.status === 0 ? run.stdout.trim() : 'unknown';
}

function buildDate(): string {
  const epoch = process.env['SOURCE_DATE_EPOCH'];
  const date = epoch === undefined ? new Date() : new Date(Number(epoch) * 1000);
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

function target(): string {
  const os = required('GOOS');
  const arch = ARCHITECTURES[required('GOARCH')];
  if (os !== 'linux' || arch === undefined) {
    throw new Error('GOOS must be linux and GOARCH one of: amd64, arm64');
  }
  return `bun-linux-${arch}`;
}

const outfile = process.argv[2];
if (outfile === undefined) throw new Error('usage: build.ts OUTFILE');

const buildInfo = {
  version,
  gitCommit: git('rev-parse', 'HEAD'),
  gitCommitDate: git('log', '-1', '--format=%cI'),
  buildDate: buildDate(),
  platform: `${required('GOOS')}/${required('GOARCH')}`,
  dependencies: Object.entries(dependencies).map(([name, exact]) => `${name} ${exact}`),
};

const root = new URL('../', import.meta.url).pathname;
await bundle(
  ['crio', 'generic'].map((name) => `${root}src/bin/${name}-credential-provider.ts`),
  `${root}build/bundles`,
);

compile({
  entry: 'src/bin/main.ts',
  outfile,
  target: target(),
  bytecodeOrder: new URL('bytecode-order.txt', import.meta.url).pathname,
  define: {
    PULLKEY_BUILD_INFO: buildInfo,
    PULLKEY_REGISTRIES_CONF: required('REGISTRIES_CONF'),
  },
});
