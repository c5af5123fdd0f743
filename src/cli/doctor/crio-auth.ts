import { posix } from 'node:path';
import { plain } from '../../diagnostics/plain.ts';
import {
  CrioConfError,
  type CrioSetting,
  crioSettings,
  isCrioInstalled,
} from '../../node/crio-settings.ts';
import { exists } from '../../node/node-tree.ts';
import { MIRROR_PROVIDER } from '../../platform/overlay.ts';
import { broken, type Outcome, type Outcomes, ok, warning } from './check.ts';
import type { NodeCheck } from './node-check.ts';
import { type NodeWorld, usesMirrorProvider } from './node-world.ts';
import { withAdvice } from './remedies.ts';

/** Whether CRI-O takes auth files from where the plugin puts them, and both go by the same global one. */
export const crioAuth: NodeCheck = { id: 'crio-auth', look };

function look(world: NodeWorld): Outcomes {
  const crio = world.machine?.services('crio') ?? [];
  const isThere = crio.length > 0 || isCrioInstalled(world.tree);
  if (!usesMirrorProvider(world) || !isThere) return [];
  try {
    const settings = crioSettings(world.tree, crio.length === 1 ? crio[0]?.args : undefined);
    return [
      authDirOutcome(world, settings.namespacedAuthDir),
      globalOutcome(world, settings.globalAuthFile),
    ];
  } catch (error) {
    if (!(error instanceof CrioConfError)) throw error;
    const { text, remedy } = withAdvice(error.message);
    return broken(`CRI-O does not start with ${text}`, remedy ?? { change: 'correct it' });
  }
}

function authDirOutcome({ plugin }: NodeWorld, setting: CrioSetting): Outcome {
  const { authDir } = plugin.options;
  if (posix.normalize(`${setting.value}/`) === posix.normalize(`${authDir}/`)) {
    return ok(`CRI-O takes auth files from ${plain(authDir)}`);
  }
  const text = `CRI-O takes auth files from ${plain(setting.value)} (${sourceOf(setting)}), and the plugin puts them into ${plain(authDir)}`;
  return broken(text, {
    change: `write --auth-dir=${setting.value} into the args of ${MIRROR_PROVIDER}, then restart the kubelet; or change namespaced_auth_dir, then restart CRI-O`,
  });
}

/** A file of a namespace takes the place of CRI-O's global one, so the plugin copies that into it. */
function globalOutcome({ tree, plugin }: NodeWorld, setting: CrioSetting): Outcome {
  const { globalAuthFile: ours } = plugin.options;
  const theirs = setting.value;
  if (theirs === ours) return ok(`CRI-O and the plugin both go by ${plain(ours)}`);
  const isOursThere = exists(tree, ours);
  if (theirs === '') {
    if (!isOursThere) return ok('neither CRI-O nor the plugin has a global auth file');
    const text = `CRI-O has no global_auth_file, so credentials of ${plain(ours)} count only for images that the plugin is run for`;
    return warning(text, {
      change: `write global_auth_file = "${ours}" into /etc/crio/crio.conf.d/10-pullkey.conf under [crio.image], then restart CRI-O`,
    });
  }
  const text = `credentials of CRI-O's ${plain(theirs)} (${sourceOf(setting)}) are lost for images that the plugin is run for: it copies those of ${plain(ours)}`;
  return warning(text, {
    change: `write --kubelet-auth-file=${theirs} into the args of ${MIRROR_PROVIDER}, then restart the kubelet`,
  });
}

function sourceOf({ from }: CrioSetting): string {
  return from === undefined ? "CRI-O's default" : plain(from);
}
