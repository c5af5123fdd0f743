import type { Deadline } from '../../diagnostics/deadline.ts';
import { Failure } from '../../diagnostics/errors.ts';
import { ApiClient } from '../../kubernetes/client.ts';
import {
  type ApiServerOptions,
  discoverApiServer,
  findKubeconfig,
} from '../../kubernetes/discovery.ts';
import { readKubeconfigUser } from '../../kubernetes/kubeconfig-user.ts';

/**
 * A client that asks as the user of a kubeconfig: the kubelet's own, unless a flag names another. Throws a
 * Failure where there is none, or it cannot be used.
 */
export function clientAsKubelet(options: ApiServerOptions, deadline: Deadline): ApiClient {
  const kubeconfig = findKubeconfig(options);
  if (kubeconfig === undefined) {
    throw new Failure(
      'no kubeconfig was found to ask for a token with; give --kubeconfig FILE, or go without the API ' +
        'server: --token-file FILE, --request FILE, or --secrets DIR with -n NAMESPACE',
    );
  }
  const identity = readKubeconfigUser(kubeconfig.path);
  return new ApiClient(discoverApiServer(options), identity, deadline);
}
