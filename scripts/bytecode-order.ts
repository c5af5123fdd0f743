// Records in which order the functions of the executable are used in a pull, for the build to lay them out
// so (scripts/compile.ts). Usage: bun scripts/bytecode-order.ts BUILD_DIRECTORY > scripts/bytecode-order.txt
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
const { command } = ourProgram(
  join(buildDirectory, 'pullkey'),
  join(buildDirectory, 'bench'),
  node,
);
const record = join(node.root, 'order');
writeFileSync(node.registriesConf, registriesConfText(SITUATION));
const run = Bun.spawnSync([...command], {
  stdin: Bun.file(node.writeRequest(SITUATION)),
  env: { ...CLEAN_ENVIRONMENT, BUN_BYTECODE_ORDER_OUT: record },
});
if (run.exitCode !== 0) throw new Error(`the plugin failed: ${run.stderr}`);
const lines = readFileSync(record, 'utf8').split('\n');
process.stdout.write(`${lines.filter((line) => KEPT.test(line)).join('\n')}\n`);
