import { Option } from 'commander';
import { UsageError } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { quote } from '../diagnostics/quote.ts';
import {
  AUDIENCE_REMARK,
  type Audience,
  DOCUMENTED_AUDIENCE,
  isAudience,
} from '../platform/audience.ts';
import type { Environment } from '../providers/credential-helper.ts';
import { type ClusterAudiences, clusterAudiences } from './cluster-audiences.ts';
import { note } from './print-documents.ts';

/** `--audience`: for whom the pods' tokens are. */
export function audienceOption(): Option {
  return new Option(
    '--audience <url>',
    "of the pods' tokens; one that the API server accepts (default: the first that the cluster gives)",
  ).argParser(audienceValue);
}

function audienceValue(value: string): string {
  if (isAudience(value)) return value;
  throw new UsageError(
    `--audience ${quote(value)} cannot be an audience; give one of the API server's --api-audiences`,
  );
}

/** What the command line says of the audience. */
export interface AudienceOptions {
  readonly audience?: string;
  readonly kubeconfig?: string;
}

/**
 * The audience given, else that of the file that is to be completed (`present`), else the first of the
 * cluster at hand, else the documented one, which is a guess. Notes say what nobody asked for. Throws a
 * Failure where the kubeconfig given cannot be used.
 */
export async function audienceFor(
  { audience, kubeconfig }: AudienceOptions,
  environment: Environment,
  present?: string,
): Promise<Audience> {
  if (audience !== undefined) return { url: audience, isGuessed: false };
  const isAsked = present === undefined || kubeconfig !== undefined;
  const cluster = isAsked ? await clusterAudiences(kubeconfig, environment) : undefined;
  if (present !== undefined) return keptAudience(present, cluster);
  const url = cluster?.audiences[0];
  if (cluster === undefined || url === undefined) {
    note(`no --audience is given, so it is ${DOCUMENTED_AUDIENCE}. ${AUDIENCE_REMARK}`);
    return { url: DOCUMENTED_AUDIENCE, isGuessed: true };
  }
  note(`the audience is ${url}, that of ${plain(cluster.server)} in ${plain(cluster.kubeconfig)}`);
  return { url, isGuessed: false };
}

/** Nobody loses the audience of a file without having said another one. */
function keptAudience(url: string, cluster: ClusterAudiences | undefined): Audience {
  if (cluster?.audiences.includes(url) === false) {
    note(
      `the file's audience ${plain(url)} is kept, though ${plain(cluster.server)} does not accept it; ` +
        `give --audience ${cluster.audiences[0]}`,
    );
  }
  return { url, isGuessed: false };
}
