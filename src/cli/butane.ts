import { Command } from 'commander';
import { ToldFailure } from '../diagnostics/errors.ts';
import { writeAll, writeAnswer } from '../diagnostics/output.ts';
import { compileButane } from '../platform/butane/compile.ts';
import { LARGEST_CONFIG } from '../platform/butane/parse-source.ts';
import { FilesDirectory } from './files-directory.ts';
import { readBounded } from './read-bounded.ts';
import { replaceFile } from './replace-file.ts';

interface ButaneOptions {
  readonly output?: string;
  readonly filesDir?: string;
  readonly strict?: true;
  readonly check?: true;
  readonly raw?: true;
  readonly pretty?: true;
}

/** `pullkey butane`: a Butane config to a MachineConfig. */
export function butaneCommand(): Command {
  return new Command('butane')
    .summary('Compile a Butane config to a MachineConfig')
    .description(
      'Compile a Butane config of variant openshift (4.8.0 to 4.22.0) to a MachineConfig. Disks, file systems, LUKS, RAID and boot devices are refused.',
    )
    .argument('[file]', 'Butane config; standard input without it or with -')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('-d, --files-dir <directory>', 'where local files and trees may come from')
    .option('-s, --strict', 'fail on any warning')
    .option('-c, --check', 'check the config, and write nothing')
    .option('-r, --raw', 'write the Ignition config alone, as JSON')
    .option('-p, --pretty', 'indent that JSON')
    .action(compile);
}

function compile(argument: string | undefined, options: ButaneOptions): void {
  const file = argument === '-' ? undefined : argument;
  const { output, messages } = compileButane({
    bytes: readBounded(file, LARGEST_CONFIG),
    fileName: file ?? '<stdin>',
    localFiles: options.filesDir ? new FilesDirectory(options.filesDir) : undefined,
    isRaw: options.raw === true,
    isPretty: options.pretty === true,
  });
  writeAll(2, messages);
  if (output === undefined) throw new ToldFailure();
  if (options.strict && messages !== '') {
    writeAll(2, 'Config produced warnings and --strict was specified\n');
    throw new ToldFailure();
  }
  if (options.check) return;
  if (options.output === undefined) writeAnswer(`${output}\n`);
  else replaceFile(options.output, `${output}\n`);
}
