// Records in which order the functions of the executable are used in a pull, for the build to lay them out
// so (scripts/compile.ts). Usage: bun scripts/bytecode-order.ts BUILD_DIRECTORY > scripts/bytecode-order.txt
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startApiServer } from '../bench/api-server-process.ts';
import { ourProgram } from '../bench/mirror-programs.ts';
import { BenchNode, registriesConfText } from '../bench/node.ts';
import { CLEAN_ENVIRONMENT } from '../bench/process.ts';

const SITUATION = { secrets: 1, registries: 1 };
/** The file's version, functions, modules and names; constants and strings gain nothing and are many. */
const KEPT = /^(?:v\d+$|[FMN] )/;

const buildDirectory = process.argv[2] ?? 'build';
using server = await startApiServer();
using node = new BenchNode(server);
const order = new Set([...recordMirror(node), ...recordGeneric(node.root)]);
process.stdout.write(`${[...order].join('\n')}\n`);

function recordMirror(benchNode: BenchNode): string[] {
  const executable = join(buildDirectory, 'pullkey');
  const { command } = ourProgram(executable, join(buildDirectory, 'bench'), benchNode);
  writeFileSync(benchNode.registriesConf, registriesConfText(SITUATION));
  return record(command, benchNode.writeRequest(SITUATION), benchNode.root);
}

function recordGeneric(directory: string): string[] {
  const store = join(directory, 'registries');
  mkdirSync(store, { mode: 0o700 });
  writeFileSync(join(store, 'example.org.json'), '{"username":"u","password":"p"}', {
    mode: 0o600,
  });
  const request = join(directory, 'generic-request.json');
  writeFileSync(request, '{"image":"registry.example.org:5000/team/app"}');
  const plugin = resolve(buildDirectory, 'generic-credential-provider');
  return record([plugin, '--credroot', store], request, directory);
}

/** The functions that a run uses, in order. */
function record(command: readonly string[], request: string, directory: string): string[] {
  const path = join(directory, 'order');
  const run = Bun.spawnSync([...command], {
    stdin: Bun.file(request),
    env: { ...CLEAN_ENVIRONMENT, BUN_BYTECODE_ORDER_OUT: path },
  });
  if (run.exitCode !== 0) throw new Error(`the plugin failed: ${run.stderr}`);
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => KEPT.test(line));
}
