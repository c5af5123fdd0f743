import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import type { Deadline } from '../diagnostics/deadline.ts';
import type { ApiServer } from './client.ts';

/** A server's certificate, as it shows it to everybody. */
export interface PeerCertificate {
  /** Distinguished name of who signed it, such as `CN=kubernetes`. */
  readonly issuer: string;
  /** DNS names and addresses that it is for. */
  readonly names: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/**
 * The certificate of a server that is not trusted, to say why: nothing is sent to it. Undefined where none can
 * be had in time.
 */
export function peerCertificate(
  { url }: ApiServer,
  { signal }: Deadline,
): Promise<PeerCertificate | undefined> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const { promise, resolve } = Promise.withResolvers<PeerCertificate | undefined>();
  const options = { host, port: Number(port || 443), rejectUnauthorized: false };
  const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  const socket = connect({ ...options, ...name }, () => {
    const certificate = socket.getPeerX509Certificate();
    resolve(certificate === undefined ? undefined : decoded(certificate));
  });
  socket.on('error', () => resolve(undefined));
  socket.on('close', () => resolve(undefined));
  signal.addEventListener('abort', () => resolve(undefined));
  return promise.finally(() => socket.destroy());
}

function decoded({ issuer, subjectAltName, validFrom, validTo }: X509Certificate): PeerCertificate {
  return {
    issuer: oneLine(issuer),
    names: Array.from(
      (subjectAltName ?? '').matchAll(/(?:DNS|IP Address):([^,\s]+)/g),
      ([, name = '']) => name,
    ),
    notBefore: new Date(validFrom),
    notAfter: new Date(validTo),
  };
}

/**
 * Distinguished names of the certificates in a PEM bundle, each once; undefined where one cannot be read.
 */
export function authorityNames(pem: string): readonly string[] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
  try {
    return [...new Set(blocks.map((block) => oneLine(new X509Certificate(block).subject)))];
  } catch {
    return undefined;
  }
}

/** The parts of a distinguished name stand in lines. */
function oneLine(name: string): string {
  return name.replaceAll('\n', ', ');
}
