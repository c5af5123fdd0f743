import { Failure } from '../../diagnostics/errors.ts';
import { plain } from '../../diagnostics/plain.ts';
import { ConnectionError } from '../../kubernetes/api-error.ts';
import { authorityNames } from '../../kubernetes/peer-certificate.ts';
import { broken, type Check, type Outcome, ok, type Remedy, unknown, warning } from './check.ts';
import { type ClusterAccess, originOf } from './cluster-access.ts';
import type { ClusterWorld } from './cluster-world.ts';
import { withAdvice } from './remedies.ts';
import { unreachable } from './unreachable.ts';

/** Whether the API server answers, and proves itself by the certificate authority that the plugin would use. */
export const apiServer: Check<ClusterWorld> = { id: 'api-server', look };

async function look(world: ClusterWorld): Promise<Outcome> {
  let access: ClusterAccess | undefined;
  try {
    access = world.access();
  } catch (error) {
    if (error instanceof Failure) return notFound(world, error);
    throw error;
  }
  if (access === undefined) return NONE;
  try {
    await world.answer();
  } catch (error) {
    if (error instanceof ConnectionError) return unreachable(access, error);
    if (error instanceof Failure) return broken(error.message, SLOW);
    throw error;
  }
  return reached(access);
}

const NONE = unknown(
  'no cluster is at hand: there is neither a kubelet’s nor kubectl’s kubeconfig',
  {
    change: 'name one: --kubeconfig FILE',
  },
);

const SLOW: Remedy = { change: 'look at its load and at the network to it, then try again' };

/** On a node the plugin meets the same, unless only root may read the file. What was named must be usable. */
function notFound({ node, options }: ClusterWorld, failure: Failure): Outcome {
  const { text, remedy } = withAdvice(failure.message);
  if (/\((?:EACCES|EPERM)\b/.test(text)) return unknown(text, { change: 'run this as root' });
  const isMeant = node !== undefined || options.apiServer.kubeconfig !== undefined;
  return isMeant ? broken(text, remedy) : unknown(text, remedy);
}

function reached(access: ClusterAccess): Outcome {
  const { url, certificateAuthority, authorityFile } = access.server;
  const [server, origin] = [plain(url), plain(originOf(access))];
  if (certificateAuthority === undefined || authorityFile === undefined) {
    return warning(
      `${server} of ${origin} answers, and is not verified: with --insecure-skip-tls-verify pods’ tokens go to whoever answers`,
      {
        change: "take that flag out of the provider's args, and give --certificate-authority FILE",
      },
    );
  }
  const names = authorityNames(certificateAuthority)?.map(plain).join(' and ') ?? 'the authority';
  const file = plain(authorityFile);
  return file === origin
    ? ok(`${server} answers, verified by ${names}; both are from ${file}`)
    : ok(`${server} of ${origin} answers, verified by ${names} in ${file}`);
}
