import { versionText } from '../diagnostics/version.ts';
import type { StandardInput } from '../kubelet/read-request.ts';
import { directExchange } from '../kubernetes/direct-exchange.ts';
import { fetchExchange } from '../kubernetes/fetch-exchange.ts';
import { MIRROR_FLAGS, type MirrorOptions, mirrorOptions } from '../providers/mirror-options.ts';
import { runMirrorProvider } from '../providers/mirror-program.ts';
import { type Plugin, runPlugin } from '../providers/plugin-program.ts';
import { hasProxy } from './environment.ts';

const PLUGIN: Plugin<MirrorOptions> = {
  name: 'crio-credential-provider',
  purpose:
    "Kubelet credential provider plugin: credentials of a pod's namespace for registry mirrors, for CRI-O.",
  flags: MIRROR_FLAGS,
  version: versionText,
  options: (values) => mirrorOptions(values, process.ppid),
  run: (run) => runMirrorProvider(run, hasProxy(process.env) ? fetchExchange : directExchange),
  failed: 'Failed to run credential provider',
};

/** Runs the mirror provider; returns the exit code. */
export function crioCredentialProvider(
  args: readonly string[],
  stdin: StandardInput,
): Promise<number> {
  return runPlugin(PLUGIN, args, stdin);
}
