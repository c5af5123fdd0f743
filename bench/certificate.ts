// The certificate library's dependency injection looks for this at load time.
import 'reflect-metadata';

import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const RSA_2048 = { ...ALGORITHM, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
const AUTHORITY = 'CN=bench';
const DAY_MS = 24 * 60 * 60 * 1000;

export interface ServerIdentity {
  /** All PEM. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** An API server's certificate for 127.0.0.1 and its authority, RSA 2048 as kubeadm and OpenShift make them. */
export async function serverIdentity(): Promise<ServerIdentity> {
  const authorityKeys = await newKeys();
  const keys = await newKeys();
  const authority = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: AUTHORITY,
    ...validity(),
    signingAlgorithm: ALGORITHM,
    keys: authorityKeys,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  const certificate = await X509CertificateGenerator.create({
    serialNumber: '02',
    subject: 'CN=kube-apiserver',
    issuer: AUTHORITY,
    ...validity(),
    signingAlgorithm: ALGORITHM,
    signingKey: authorityKeys.privateKey,
    publicKey: keys.publicKey,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
  });
  return {
    authority: authority.toString('pem'),
    certificate: certificate.toString('pem'),
    key: pem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
  };
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(RSA_2048, true, ['sign', 'verify']);
}

function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) };
}

function pem(label: string, content: ArrayBuffer): string {
  return `-----BEGIN ${label}-----\n${Buffer.from(content).toString('base64')}\n-----END ${label}-----\n`;
}
