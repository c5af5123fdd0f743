import type { Deadline } from '../diagnostics/deadline.ts';
import { versionText } from '../diagnostics/version.ts';
import type { StandardInput } from '../kubelet/read-request.ts';
import { directExchange } from '../kubernetes/direct-exchange.ts';
import type { Exchange } from '../kubernetes/exchange.ts';
import { fetchExchange } from '../kubernetes/fetch-exchange.ts';
import { MIRROR_FLAGS, type MirrorOptions, mirrorOptions } from '../providers/mirror-options.ts';
import { runMirrorProvider } from '../providers/mirror-program.ts';
import { type Plugin, runPlugin } from '../providers/plugin-program.ts';
import { closeRuntimeDoors, hasProxy } from './environment.ts';

const PLUGIN: Plugin<MirrorOptions> = {
  name: 'crio-credential-provider',
  purpose:
    "Kubelet credential provider plugin: credentials of a pod's namespace for registry mirrors, for CRI-O.",
  flags: MIRROR_FLAGS,
  version: versionText,
  options: (values) => mirrorOptions(values, () => process.ppid),
  run: (run) => runMirrorProvider(run, exchangeFor(process.env)),
  failed: 'Failed to run credential provider',
};

/** Only what reads the environment needs it to be made safe, which takes 0.1 ms. */
function exchangeFor(environment: NodeJS.ProcessEnv): (deadline: Deadline) => Exchange {
  if (!hasProxy(environment)) return directExchange;
  closeRuntimeDoors(environment);
  return fetchExchange;
}

/** Runs the mirror provider; returns the exit code. */
export function crioCredentialProvider(
  args: readonly string[],
  stdin: StandardInput,
): Promise<number> {
  return runPlugin(PLUGIN, args, stdin);
}
