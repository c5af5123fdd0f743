import { Option } from 'commander';
import { type Deadline, deadlineIn } from '../diagnostics/deadline.ts';
import { Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { quote } from '../diagnostics/quote.ts';
import { apiServerAudiences } from '../kubernetes/audiences.ts';
import { readKubeconfig } from '../kubernetes/kubeconfig.ts';
import { isAudience } from '../platform/audience.ts';
import type { Environment } from '../providers/credential-helper.ts';
import { clientAsKubelet } from './explain/ask-as-kubelet.ts';
import { kubectlKubeconfig } from './kubectl-kubeconfig.ts';
import { note } from './print-documents.ts';

/** What a cluster at hand said. */
export interface ClusterAudiences {
  /** `https://host:port` */
  readonly server: string;
  /** Whose kubeconfig it was: a path. */
  readonly kubeconfig: string;
  /** At least one; the API server's own first. */
  readonly audiences: readonly string[];
}

const GIVEN_MS = 10_000;
/** Nobody asked for it, so nobody is to wait for it. */
const GUESSED_MS = 3_000;

/** `--kubeconfig`: the cluster at hand. */
export function clusterOption(): Option {
  return new Option(
    '--kubeconfig <file>',
    "a cluster to ask for its audience, as somebody who may create service account tokens (default: kubectl's)",
  );
}

/**
 * The audiences of the cluster at hand: that of the kubeconfig given, else of kubectl's. Undefined where
 * there is none. Throws a Failure where the one given cannot be asked; where kubectl's cannot, a note says so.
 */
export async function clusterAudiences(
  given: string | undefined,
  environment: Environment,
): Promise<ClusterAudiences | undefined> {
  if (given !== undefined) return ask(given, deadlineIn(GIVEN_MS, ''));
  try {
    const path = kubectlKubeconfig(environment);
    return path === undefined ? undefined : await ask(path, deadlineIn(GUESSED_MS, ''));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    note(`kubectl's cluster cannot be asked for its audience: ${error.message}`);
    return undefined;
  }
}

async function ask(kubeconfig: string, deadline: Deadline): Promise<ClusterAudiences> {
  const cluster = readKubeconfig(kubeconfig);
  if (cluster === undefined) {
    throw new Failure(`${plain(kubeconfig)} is no kubeconfig with a cluster; name another file`);
  }
  const server = { kubeconfig, skipTlsVerify: false, kubernetesConfigDir: '', parentPid: () => 0 };
  const audiences = await apiServerAudiences(clientAsKubelet(server, deadline));
  const odd = audiences.find((one) => !isAudience(one));
  if (odd === undefined) return { server: cluster.server, kubeconfig, audiences };
  throw new Failure(`the audience ${quote(odd)} of ${plain(cluster.server)} cannot be written`);
}
