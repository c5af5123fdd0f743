import { shellWord } from '../../diagnostics/shell-word.ts';
import type { Remedy } from './check.ts';
import type { ClusterWorld } from './cluster-world.ts';
import type { Viewer } from './viewer.ts';

/**
 * Applies what `pullkey render …` prints, as the administrator who looks; on a node, whose kubelet may not, as
 * kubectl's own user.
 */
export function applied(render: string, { options }: ClusterWorld, viewer: Viewer): Remedy {
  const { kubeconfig } = options.apiServer;
  const isOurs = kubeconfig !== undefined && viewer.node === undefined;
  const flag = isOurs ? `--kubeconfig ${shellWord(kubeconfig)} ` : '';
  return { command: `pullkey render ${render} | kubectl apply ${flag}-f -` };
}
