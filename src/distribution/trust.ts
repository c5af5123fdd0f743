import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { errorCode, Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { systemReason } from '../diagnostics/system-reason.ts';
import type { Route } from './exchange.ts';

/** What to trust a registry by, and what to show it. */
export type Trust = Pick<Route, 'certificateAuthority' | 'clientCertificate'>;

/** Where containers/image looks for `HOST[:PORT]/` with certificates, as root: containers-certs.d(5). */
export const CERTIFICATE_DIRECTORIES: readonly string[] = [
  '/etc/containers/certs.d',
  '/etc/docker/certs.d',
];

/** The system's authorities; the first that exists counts, as for Go programs (crypto/x509). */
const SYSTEM_BUNDLES: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * The certificates that CRI-O uses for a registry: the system's authorities, and of the first directory
 * that has one for this host, its `*.crt` as further authorities and a `*.cert` with its `*.key` as our
 * own. Throws a Failure for a file that cannot be read.
 */
export function trustFor(
  host: string,
  directories: readonly string[] = CERTIFICATE_DIRECTORIES,
): Trust {
  const files = certificateFiles(host, directories);
  const own = files.filter((file) => file.endsWith('.crt')).map(read);
  const system = SYSTEM_BUNDLES.map(readIfPresent).find((bundle) => bundle !== undefined);
  const authorities = system === undefined ? own : [system, ...own];
  const certificate = files.find((file) => file.endsWith('.cert'));
  return {
    // Without a bundle, and so nothing to add to, the runtime's own authorities stay.
    ...(system === undefined && own.length === 0
      ? {}
      : { certificateAuthority: authorities.join('\n') }),
    ...(certificate === undefined ? {} : { clientCertificate: pairOf(certificate) }),
  };
}

function certificateFiles(host: string, directories: readonly string[]): string[] {
  for (const directory of directories) {
    const path = join(directory, host);
    const names = namesIn(path);
    if (names !== undefined) return names.sort().map((name) => join(path, name));
  }
  return [];
}

function namesIn(directory: string): string[] | undefined {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

function pairOf(certificate: string): NonNullable<Trust['clientCertificate']> {
  return {
    certificate: read(certificate),
    key: read(certificate.replace(/\.cert$/, '.key')),
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(
      `cannot read the registry certificate ${quote(file)}: ${systemReason(error)}; ` +
        'make it readable or remove it',
    );
  }
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
