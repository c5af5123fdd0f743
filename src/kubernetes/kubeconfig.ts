import { errorCode, Failure } from '../diagnostics/errors.ts';
import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { filter, find } from '../diagnostics/lists.ts';
import { quote } from '../diagnostics/quote.ts';
import { readRegularFile, unreadableReason } from '../diagnostics/read-file.ts';
import { utf8Text } from '../diagnostics/utf8.ts';

/** What a file is, and what to do where it cannot be read. */
interface FileRole {
  readonly name: string;
  readonly remedy: string;
}

const KUBECONFIG: FileRole = {
  name: 'kubeconfig',
  remedy: 'make it readable or name another with --kubeconfig',
};

const AUTHORITY: FileRole = {
  name: 'certificate authority',
  remedy: "make it readable or give --certificate-authority the cluster's CA",
};

/** A certificate authority, and the file that holds it: its own, or a kubeconfig. */
export interface Authority {
  readonly pem: string;
  readonly path: string;
}

/** The cluster that a kubeconfig's current context names. */
export interface KubeconfigCluster {
  readonly path: string;
  readonly server: string;
  readonly certificateAuthority?: Authority;
}

/**
 * The cluster of a kubeconfig; undefined where the file is missing or is something else (OpenShift's
 * `/etc/kubernetes/kubelet.conf` is a KubeletConfiguration). Throws a Failure where it cannot be read,
 * is broken, or names a CA file that cannot be read.
 */
export function readKubeconfig(path: string): KubeconfigCluster | undefined {
  const document = readKubeconfigDocument(path);
  if (document === undefined) return undefined;
  const cluster = currentEntry(document, 'cluster');
  const server = cluster?.['server'];
  if (cluster === undefined || typeof server !== 'string' || server === '') return undefined;
  const certificateAuthority = authorityOf(cluster, path);
  return { path, server, ...(certificateAuthority === undefined ? {} : { certificateAuthority }) };
}

/** The document of a kubeconfig; undefined and throwing as `readKubeconfig`. */
export function readKubeconfigDocument(path: string): JsonObject | undefined {
  const text = readText(path, KUBECONFIG);
  if (text === undefined) return undefined;
  const document = parse(text, path);
  return isJsonObject(document) && document['kind'] === 'Config' ? document : undefined;
}

function readText(path: string, role: FileRole): string | undefined {
  try {
    const bytes = readRegularFile(path);
    return bytes && utf8Text(bytes);
  } catch (error) {
    if (errorCode(error) === 'ENOTDIR') return undefined;
    throw new Failure(
      `cannot read the ${role.name} ${quote(path)}: ${unreadableReason(error)}; ${role.remedy}`,
    );
  }
}

function parse(text: string, path: string): unknown {
  try {
    return Bun.YAML.parse(text);
  } catch {
    // The parser's message may quote a key or token.
    throw new Failure(
      `the kubeconfig ${quote(path)} is no valid YAML; mend it or name another with --kubeconfig`,
    );
  }
}

/** What the current context names, or else the first of its list: `clusters` or `users`. */
export function currentEntry(config: JsonObject, part: 'cluster' | 'user'): JsonObject | undefined {
  const context = named(config['contexts'], config['current-context'])?.['context'];
  const name = isJsonObject(context) ? context[part] : undefined;
  const list = config[`${part}s`];
  const entry = (named(list, name) ?? listed(list)[0])?.[part];
  return isJsonObject(entry) ? entry : undefined;
}

function named(list: unknown, name: unknown): JsonObject | undefined {
  return find(listed(list), (one) => one['name'] === name);
}

function listed(list: unknown): JsonObject[] {
  return Array.isArray(list) ? filter(list, isJsonObject) : [];
}

function authorityOf(cluster: JsonObject, path: string): Authority | undefined {
  const data = cluster['certificate-authority-data'];
  if (typeof data === 'string' && data !== '') {
    return withCertificate(fromBase64(data), path);
  }
  const file = cluster['certificate-authority'];
  if (typeof file !== 'string' || file === '') return undefined;
  return readAuthority(besides(path, file));
}

/** `Buffer` does the same, but takes a plugin 0.1 ms to load. Nothing where it is no base64. */
function fromBase64(data: string): string {
  try {
    return utf8Text(Uint8Array.fromBase64(data));
  } catch {
    return '';
  }
}

/** A file that a kubeconfig names: relative ones lie beside it. */
export function besides(kubeconfig: string, file: string): string {
  const directory = kubeconfig.slice(0, kubeconfig.lastIndexOf('/') + 1);
  return file.startsWith('/') ? file : directory + file;
}

/** A CA file. Throws a Failure where it cannot be read or holds none. */
export function readAuthority(path: string): Authority {
  const pem = readText(path, AUTHORITY);
  if (pem !== undefined) return withCertificate(pem, path);
  throw unusableAuthority(path, 'does not exist');
}

/** The same; undefined where the file is missing or empty. */
export function readAuthorityIfAny(path: string): Authority | undefined {
  const pem = readText(path, AUTHORITY);
  return pem === undefined || pem === '' ? undefined : withCertificate(pem, path);
}

function withCertificate(pem: string, path: string): Authority {
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return { pem, path };
  throw unusableAuthority(path, 'holds no PEM certificate');
}

function unusableAuthority(path: string, reason: string): Failure {
  return new Failure(
    `the certificate authority ${quote(path)} ${reason}; give --certificate-authority the cluster's CA`,
  );
}
