// The certificate library's dependency injection looks for this at load time.
import 'reflect-metadata';

import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type GeneralNameType,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' };
const DAY_MS = 24 * 60 * 60 * 1000;

/** The names under which a server on this machine is reached. */
export const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/** A server's certificate and its private key, both PEM. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** For whom and for how long; the defaults are the loopback names, from yesterday to tomorrow. */
export interface CertificateRequest {
  readonly hosts?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** A throw-away certificate authority; its key never leaves the process. */
export interface Authority {
  /** The authority's own certificate, PEM: what a client must trust. */
  readonly certificate: string;
  issue(request?: CertificateRequest): Promise<ServerCertificate>;
}

/** Makes a new authority (EC P-256); two of the same name do not trust each other. */
export async function createAuthority(name: string): Promise<Authority> {
  const keys = await newKeys();
  const own = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [name] }],
    ...validity({}),
    signingAlgorithm: SIGNING_ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificate: `${own.toString('pem')}\n`,
    issue: (request = {}) => issue(own, keys.privateKey, request),
  };
}

async function issue(
  authority: X509Certificate,
  signingKey: CryptoKey,
  request: CertificateRequest,
): Promise<ServerCertificate> {
  const hosts = request.hosts ?? LOOPBACK_HOSTS;
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [hosts[0] ?? 'server'] }],
    issuer: authority.subjectName,
    ...validity(request),
    signingKey,
    signingAlgorithm: SIGNING_ALGORITHM,
    publicKey: keys.publicKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(hosts.map(alternativeName)),
      await AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `${PemConverter.encode(key, 'PRIVATE KEY')}\n`,
  };
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

function validity(request: CertificateRequest): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: request.notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: request.notAfter ?? new Date(Date.now() + DAY_MS),
  };
}

/** Positive, as RFC 5280 asks: the first bit stays clear. */
function serialNumber(): string {
  return `01${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`;
}

function alternativeName(host: string): { type: GeneralNameType; value: string } {
  const isAddress = host.includes(':') || /^\d+(\.\d+){3}$/.test(host);
  return { type: isAddress ? 'ip' : 'dns', value: host };
}
