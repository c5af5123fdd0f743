import type { ConfigSurroundings } from '../platform/lint/lint-credential-provider-config.ts';
import type { LintKind } from '../platform/lint/lint-kind.ts';
import type { Environment } from '../providers/credential-helper.ts';
import { clusterAudiences } from './cluster-audiences.ts';
import { FilesDirectory } from './files-directory.ts';
import type { LintContext } from './lint-files.ts';
import { isExecutable, pluginsFor } from './lint-plugins.ts';

/** What the command line says of the node and cluster that the files are for. */
export interface LintSurroundings {
  readonly credentialProviderBinDir?: string;
  readonly kubeconfig?: string;
  readonly filesDir?: string;
}

/** What a CredentialProviderConfig can stand in. */
const WITH_AUDIENCE: readonly LintKind[] = [
  'credential-provider-config',
  'machine-config',
  'butane',
];

/**
 * Asks for what files of these kinds do not say themselves. Throws a Failure where the cluster given cannot
 * be asked.
 */
export async function lintSurroundings(
  options: LintSurroundings,
  kinds: readonly LintKind[],
  environment: Environment,
): Promise<LintContext> {
  const { credentialProviderBinDir: binDir, kubeconfig, filesDir } = options;
  const isAsked = kinds.some((kind) => WITH_AUDIENCE.includes(kind)) || kubeconfig !== undefined;
  const cluster = isAsked ? await clusterAudiences(kubeconfig, environment) : undefined;
  const config: ConfigSurroundings = {
    ...(binDir === undefined ? {} : { hasExecutable: (name) => isExecutable(`${binDir}/${name}`) }),
    ...(cluster === undefined ? {} : { cluster }),
  };
  return {
    config,
    pluginsFor: (path) => pluginsFor(path),
    ...(filesDir === undefined ? {} : { localFiles: new FilesDirectory(filesDir) }),
  };
}
