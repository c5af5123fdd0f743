import { accessSync, constants } from 'node:fs';
import { deadlineIn } from '../diagnostics/deadline.ts';
import { Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { requestToken } from '../kubernetes/service-accounts.ts';
import { readTokenClaims } from '../kubernetes/token.ts';
import type { ConfigSurroundings } from '../platform/lint/lint-credential-provider-config.ts';
import { clientAsKubelet } from './explain/ask-as-kubelet.ts';
import { FilesDirectory } from './files-directory.ts';
import type { LintContext } from './lint-files.ts';

/** What the command line says of the node and cluster that the files are for. */
export interface LintSurroundings {
  readonly credentialProviderBinDir?: string;
  readonly kubeconfig?: string;
  readonly filesDir?: string;
}

const CLUSTER_DEADLINE_MS = 10_000;

/** Asks for what the files themselves do not say. Throws a Failure where the cluster cannot be asked. */
export async function lintSurroundings(options: LintSurroundings): Promise<LintContext> {
  const { credentialProviderBinDir: binDir, kubeconfig, filesDir } = options;
  const config: ConfigSurroundings = {
    ...(binDir === undefined ? {} : { hasExecutable: (name) => isExecutable(`${binDir}/${name}`) }),
    ...(kubeconfig === undefined ? {} : { audiences: await clusterAudiences(kubeconfig) }),
  };
  return {
    config,
    ...(filesDir === undefined ? {} : { localFiles: new FilesDirectory(filesDir) }),
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A token that is asked for without audiences gets those of the API server. */
async function clusterAudiences(kubeconfig: string): Promise<readonly string[]> {
  const server = { kubeconfig, skipTlsVerify: false, kubernetesConfigDir: '', parentPid: 0 };
  const client = clientAsKubelet(server, deadlineIn(CLUSTER_DEADLINE_MS));
  const token = await requestToken(client, { namespace: 'default', serviceAccount: 'default' });
  const { audiences } = readTokenClaims(token);
  if (audiences.length > 0) return audiences;
  throw new Failure(`the cluster of ${plain(kubeconfig)} gives tokens without an audience`);
}
