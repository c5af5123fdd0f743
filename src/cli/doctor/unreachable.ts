import { deadlineIn } from '../../diagnostics/deadline.ts';
import { plain } from '../../diagnostics/plain.ts';
import { type ConnectionError, isOtherAuthority } from '../../kubernetes/api-error.ts';
import {
  authorityNames,
  type PeerCertificate,
  peerCertificate,
} from '../../kubernetes/peer-certificate.ts';
import { broken, type Outcome } from './check.ts';
import { type ClusterAccess, originOf } from './cluster-access.ts';
import { withAdvice } from './remedies.ts';

const LOOK_MS = 5_000;
const MOST_NAMES = 8;

/** Why an API server is not trusted or not reached, each reason with its own remedy. */
export async function unreachable(access: ClusterAccess, error: ConnectionError): Promise<Outcome> {
  const { code } = error;
  const describe = isOtherAuthority(code) ? otherAuthority : BY_CODE.get(code);
  if (describe === undefined) return notReached(access, error);
  const certificate = await peerCertificate(access.server, deadlineIn(LOOK_MS, ''));
  return describe(access, certificate);
}

type Describe = (access: ClusterAccess, certificate: PeerCertificate | undefined) => Outcome;

const BY_CODE: ReadonlyMap<string, Describe> = new Map([
  ['CERT_HAS_EXPIRED', expired],
  ['CERT_NOT_YET_VALID', notYetValid],
  ['ERR_TLS_CERT_ALTNAME_INVALID', otherName],
]);

function notReached(access: ClusterAccess, error: ConnectionError): Outcome {
  const { code } = error;
  const place = `${plain(access.server.url)} of ${plain(originOf(access))}`;
  if (!/REFUSED/i.test(code)) return { verdict: 'broken', ...withAdvice(error.message) };
  return broken(`nothing listens at ${place} (${code})`, {
    change: 'start the API server, or correct the address there',
  });
}

function otherAuthority(access: ClusterAccess, certificate: PeerCertificate | undefined): Outcome {
  const { url, certificateAuthority = '', authorityFile = '' } = access.server;
  const names = authorityNames(certificateAuthority);
  const issuer = certificate?.issuer ?? '';
  const isNamesake = names?.includes(issuer) === true;
  const held = isNamesake ? 'another CA of that name' : (names ?? ['no CA']).map(plain).join(', ');
  return broken(
    `${plain(url)} shows a certificate signed by ${plain(issuer)}, and ${plain(authorityFile)} holds ${held}`,
    {
      change:
        "give the cluster's CA as --certificate-authority FILE, on nodes among the provider's args; the " +
        'cluster keeps it in the ConfigMap kube-root-ca.crt of each namespace',
    },
  );
}

function expired({ server }: ClusterAccess, certificate: PeerCertificate | undefined): Outcome {
  const date = certificate === undefined ? '' : ` on ${dateOf(certificate.notAfter)}`;
  return broken(`the certificate of ${plain(server.url)} has expired${date}; it is ${now()} here`, {
    change:
      'renew it on the control plane (kubeadm certs renew apiserver) and restart the API server, or set ' +
      'this clock where it is wrong',
  });
}

function notYetValid({ server }: ClusterAccess, certificate: PeerCertificate | undefined): Outcome {
  const date = certificate === undefined ? '' : ` before ${dateOf(certificate.notBefore)}`;
  return broken(
    `the certificate of ${plain(server.url)} is not valid${date}; it is ${now()} here`,
    {
      change: 'set this clock: timedatectl set-ntp true, or chronyc makestep',
    },
  );
}

function otherName({ server }: ClusterAccess, certificate: PeerCertificate | undefined): Outcome {
  const names = certificate?.names ?? [];
  const shown = names.slice(0, MOST_NAMES).map(plain).join(', ');
  const listed = names.length === 0 ? 'other names' : shown;
  const { hostname, port } = new URL(server.url);
  const place = `${names[0] ?? 'NAME'}:${port || '443'}`;
  return broken(
    `the certificate of ${plain(server.url)} is for ${listed}, and not for ${hostname}`,
    {
      change: `give --api-server https://${place}, on nodes among the provider's args`,
    },
  );
}

function dateOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'an unknown date' : `${date.toISOString().slice(0, 19)}Z`;
}

function now(): string {
  return dateOf(new Date());
}
