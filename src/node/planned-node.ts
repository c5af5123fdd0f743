import { posix } from 'node:path';
import { Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { flagSettingOf } from './flag-setting.ts';
import { hasFlags, type ProviderFlags } from './kubelet-flags.ts';
import { kubeletService, type NodeKind } from './node-kind.ts';
import type { NodeTree } from './node-tree.ts';
import { executableProblem } from './plugin-executables.ts';
import { accepted } from './provider-configuration.ts';
import { readServiceUnit } from './service-unit.ts';

/**
 * Looks at a node as it will be by the kubelet's rules: its configuration, and an executable for each
 * provider. Returns the configuration's hash. Throws a Failure where the kubelet would not start.
 */
export function checkedHash(planned: NodeTree, { config, pluginDir }: ProviderFlags): string {
  const verdict = accepted(planned, config, false);
  if (verdict === undefined) throw new Error('a configuration was planned');
  for (const { name } of verdict.config.providers) {
    const problem = executableProblem(planned, pluginDir, name);
    if (problem === undefined) continue;
    throw new Failure(
      `the provider ${plain(name)} of ${plain(config)} ${problem}, and the kubelet would not start; put it ` +
        'there, or take the provider out of the configuration',
    );
  }
  return verdict.hash;
}

/** Throws a Failure where the kubelet would not get its flags: what is read after our file may take them back. */
export function checkFlags(planned: NodeTree, kind: NodeKind, flags: ProviderFlags): void {
  if (!hasOwnFlags(kind) && !hasCommand(planned, kind)) return;
  if (hasFlags(flagSettingOf(planned, kind).current, flags)) return;
  const service = kubeletService(planned, kind);
  const last = readServiceUnit(planned, service)?.files.at(-1) ?? service;
  throw new Failure(
    `the kubelet would not get its flags for credential providers: ${plain(posix.basename(last))} among the files ` +
      `of ${service} decides its command line; add --image-credential-provider-config=` +
      `${flags.config} and --image-credential-provider-bin-dir=${flags.pluginDir} to it`,
  );
}

/** What people should know of a node of that kind. */
export function nodeNotes(planned: NodeTree, kind: NodeKind): readonly string[] {
  switch (kind) {
    case 'openshift':
      return [
        'this node belongs to the machine-config-operator, which calls a node degraded when files of its own ' +
          'were changed by hand; for a whole pool use "pullkey render machine-config"',
      ];
    case 'microshift':
      return [
        'a MicroShift that does not know kubelet.imageCredentialProviderConfigPath yet ignores it, and runs no ' +
          'provider; its kubelet’s metrics tell',
      ];
    default:
      if (hasOwnFlags(kind) || hasCommand(planned, kind)) return [];
      return [
        `there is no ${kubeletService(planned, kind)} here yet; its flags reach one that uses $KUBELET_EXTRA_ARGS`,
      ];
  }
}

/** Whether the kubelet runs inside another program, which has a configuration for its flags. */
function hasOwnFlags(kind: NodeKind): boolean {
  return kind === 'microshift' || kind === 'k3s';
}

function hasCommand(planned: NodeTree, kind: NodeKind): boolean {
  return readServiceUnit(planned, kubeletService(planned, kind))?.command !== undefined;
}
