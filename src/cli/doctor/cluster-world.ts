import { type Deadline, deadlineIn } from '../../diagnostics/deadline.ts';
import type { Environment } from '../../providers/credential-helper.ts';
import type { MirrorOptions } from '../../providers/mirror-options.ts';
import type { KubeletFacts } from '../explain/kubelet-facts.ts';
import type { PluginSettings } from '../explain/plugin-options.ts';

/** A cluster as its checks meet it, as seen from a node or from a workstation. */
export interface ClusterWorld {
  /** The tenant's, where one was named. */
  readonly namespace: string | undefined;
  /** As the mirror provider runs: with the args of its entry, and the command line's flags over them. */
  readonly options: MirrorOptions;
  /** `serviceAccountTokenAudience` of its entry; undefined where no configuration was found. */
  readonly audience: string | undefined;
  /** For `KUBECONFIG` and `HOME` of a workstation. */
  readonly environment: Environment;
  /** For all checks together. */
  readonly deadline: Deadline;
}

/** What the command line and the kubelet's configuration say of the cluster. */
export function clusterWorld(
  namespace: string | undefined,
  { options }: PluginSettings,
  { plugin }: KubeletFacts,
  environment: Environment,
): ClusterWorld {
  const audience = plugin?.provider.tokenAttributes?.serviceAccountTokenAudience;
  const deadline = deadlineIn(options.timeout);
  return { namespace, options, audience, environment, deadline };
}
