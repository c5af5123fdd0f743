import { buildInfo } from '../diagnostics/build-info.ts';
import type { StandardInput } from '../kubelet/read-request.ts';
import { levelledText } from '../providers/file-log.ts';
import { FILE_FLAGS, type FileOptions, fileOptions } from '../providers/file-options.ts';
import { runFileProvider } from '../providers/file-program.ts';
import { type Plugin, runPlugin } from '../providers/plugin-program.ts';

const NAME = 'generic-credential-provider';

const PLUGIN: Plugin<FileOptions> = {
  name: NAME,
  purpose: 'Kubelet credential provider plugin: credentials from files on the node.',
  flags: FILE_FLAGS,
  version: () => `${NAME} version ${buildInfo().version}\n`,
  options: (values) => fileOptions(values, () => process.env),
  run: runFileProvider,
  failed: 'Error running credential provider plugin',
  textLine: levelledText,
};

/** Runs the file provider; returns the exit code. */
export function genericCredentialProvider(
  args: readonly string[],
  stdin: StandardInput,
): Promise<number> {
  return runPlugin(PLUGIN, args, stdin);
}
