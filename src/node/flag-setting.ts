import { k3sFlags } from './k3s-flags.ts';
import type { FlagSetting } from './kubelet-flags.ts';
import { microshiftFlags } from './microshift-flags.ts';
import { kubeletService, type NodeKind } from './node-kind.ts';
import type { NodeTree } from './node-tree.ts';
import { systemdFlags } from './systemd-flags.ts';

/** How the kubelet of a node of that kind gets its flags; `running` is the command line of one that runs. */
export function flagSettingOf(
  tree: NodeTree,
  kind: NodeKind,
  running?: readonly string[],
): FlagSetting {
  if (kind === 'microshift') return microshiftFlags(tree);
  return kind === 'k3s' ? k3sFlags(tree, kubeletService(tree, kind)) : systemdFlags(tree, running);
}
