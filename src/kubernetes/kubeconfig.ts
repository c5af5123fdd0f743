import { readFileSync } from 'node:fs';
import { errorCode, Failure } from '../diagnostics/errors.ts';
import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { quote } from '../diagnostics/quote.ts';

/** The cluster that a kubeconfig's current context names. */
export interface KubeconfigCluster {
  readonly path: string;
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority?: string;
}

/**
 * The cluster of a kubeconfig; undefined where the file is missing or is something else (OpenShift's
 * `/etc/kubernetes/kubelet.conf` is a KubeletConfiguration). Throws a Failure where it cannot be read,
 * is broken, or names a CA file that cannot be read.
 */
export function readKubeconfig(path: string): KubeconfigCluster | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  const document = parse(text, path);
  if (!isJsonObject(document) || document['kind'] !== 'Config') return undefined;
  const cluster = currentCluster(document);
  const server = cluster?.['server'];
  if (cluster === undefined || typeof server !== 'string' || server === '') return undefined;
  const certificateAuthority = authorityOf(cluster, path);
  return { path, server, ...(certificateAuthority === undefined ? {} : { certificateAuthority }) };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = errorCode(error) ?? 'unknown reason';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Failure(
      `cannot read the kubeconfig ${quote(path)} (${code}); make it readable or name another with --kubeconfig`,
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

function currentCluster(config: JsonObject): JsonObject | undefined {
  const context = named(config['contexts'], config['current-context'])?.['context'];
  const name = isJsonObject(context) ? context['cluster'] : undefined;
  const entry = named(config['clusters'], name) ?? listed(config['clusters'])[0];
  const cluster = entry?.['cluster'];
  return isJsonObject(cluster) ? cluster : undefined;
}

function named(list: unknown, name: unknown): JsonObject | undefined {
  return listed(list).find((one) => one['name'] === name);
}

function listed(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

function authorityOf(cluster: JsonObject, path: string): string | undefined {
  const data = cluster['certificate-authority-data'];
  if (typeof data === 'string' && data !== '') return Buffer.from(data, 'base64').toString();
  const file = cluster['certificate-authority'];
  if (typeof file !== 'string' || file === '') return undefined;
  const directory = path.slice(0, path.lastIndexOf('/') + 1);
  return readAuthority(file.startsWith('/') ? file : directory + file);
}

/** The PEM certificates of a CA file. Throws a Failure where it cannot be read or holds none. */
export function readAuthority(path: string): string {
  const pem = readText(path);
  if (pem?.includes('-----BEGIN CERTIFICATE-----')) return pem;
  const reason = pem === undefined ? 'does not exist' : 'holds no PEM certificate';
  throw new Failure(
    `the certificate authority ${quote(path)} ${reason}; give --certificate-authority the cluster's CA`,
  );
}
