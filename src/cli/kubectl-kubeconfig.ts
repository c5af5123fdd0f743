import { existsSync } from 'node:fs';
import { Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { readKubeconfigDocument } from '../kubernetes/kubeconfig.ts';
import type { Environment } from '../providers/credential-helper.ts';

/**
 * The kubeconfig by which kubectl would reach a cluster: `$KUBECONFIG`, else `~/.kube/config`. Undefined
 * where there is none, or `$KUBECONFIG` is /dev/null. Throws a Failure where it names several files, which
 * are not merged here, or a file that names no cluster as the current one.
 */
export function kubectlKubeconfig(environment: Environment): string | undefined {
  const named = (environment['KUBECONFIG'] ?? '').split(':').filter((path) => path !== '');
  const path = named.length === 0 ? homeKubeconfig(environment) : oneOf(named);
  if (path === undefined) return undefined;
  const context = readKubeconfigDocument(path)?.['current-context'];
  if (typeof context === 'string' && context !== '') return path;
  throw new Failure(
    `${plain(path)} is no kubeconfig with a current context; choose one with kubectl config use-context`,
  );
}

function homeKubeconfig({ HOME: home = '' }: Environment): string | undefined {
  const path = `${home}/.kube/config`;
  return home !== '' && existsSync(path) ? path : undefined;
}

/** As kubectl does, files that are not there are passed over. */
function oneOf(named: readonly string[]): string | undefined {
  if (named.every((path) => path === '/dev/null')) return undefined;
  const [path, ...others] = named.filter((one) => existsSync(one));
  if (path === undefined) {
    throw new Failure(
      `$KUBECONFIG names ${named.map(plain).join(', ')}, which does not exist; name one that does, or give --kubeconfig FILE`,
    );
  }
  if (others.length === 0) return path;
  throw new Failure(
    `$KUBECONFIG names several files, which are not merged here; write them into one with ` +
      'kubectl config view --flatten, and give it as --kubeconfig FILE',
  );
}
