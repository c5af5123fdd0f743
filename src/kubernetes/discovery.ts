import { errorCode, Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { isThere, readRegularFile, unreadableReason } from '../diagnostics/read-file.ts';
import { withoutTrailingSlashes } from '../diagnostics/trailing-slashes.ts';
import { utf8Text } from '../diagnostics/utf8.ts';
import type { ApiServer } from './client.ts';
import {
  type Authority,
  type KubeconfigCluster,
  readAuthority,
  readAuthorityIfAny,
  readKubeconfig,
} from './kubeconfig.ts';
import { type PlainOrigin, plainOrigin } from './plain-origin.ts';

const DEFAULT_HOST = 'localhost:6443';

/** Where kubelets keep their kubeconfig: kubeadm and OpenShift first, then MicroShift and k3s. */
const KUBECONFIGS: readonly string[] = [
  '/var/lib/kubelet/kubeconfig',
  '/etc/kubernetes/kubelet.conf',
  '/etc/kubernetes/kubeconfig',
  '/var/lib/microshift/resources/kubelet/kubeconfig',
  '/var/lib/rancher/k3s/agent/kubelet.kubeconfig',
];

const AUTHORITIES: readonly string[] = ['/etc/kubernetes/pki/ca.crt', '/etc/kubernetes/ca.crt'];

/** What the command line says of the API server; what it leaves out is looked for on the node. */
export interface ApiServerOptions {
  readonly apiServer?: string;
  readonly kubeconfig?: string;
  readonly certificateAuthority?: string;
  readonly skipTlsVerify: boolean;
  /** Holds `apiserver-url.env`. */
  readonly kubernetesConfigDir: string;
  /** The process whose `--kubeconfig` is looked at first: the kubelet. */
  parentPid(): number;
}

/** The API server and where its address was found. */
export interface DiscoveredServer extends ApiServer {
  readonly from: 'flag' | 'env-file' | 'kubeconfig' | 'default';
  readonly envFile: string;
  /** The file that holds the certificate authority; undefined where nothing is verified. */
  readonly authorityFile?: string;
}

/**
 * Finds the API server and its CA: flags, then `apiserver-url.env`, then the kubelet's kubeconfig, then
 * `https://localhost:6443`. Throws a Failure that names the flags where there is no CA.
 */
export function discoverApiServer(options: ApiServerOptions): DiscoveredServer {
  const kubeconfig = lazily(() => findKubeconfig(options));
  const envFile = `${withoutTrailingSlashes(options.kubernetesConfigDir)}/apiserver-url.env`;
  const { url, from } = findUrl(options, envFile, kubeconfig);
  const server = { ...checkedUrl(url), from, envFile };
  if (options.skipTlsVerify) return server;
  const { pem, path } = findAuthority(options, kubeconfig);
  return { ...server, certificateAuthority: pem, authorityFile: path };
}

type Finder = () => KubeconfigCluster | undefined;

/** The kubeconfig may be unreadable, and is not looked at where the flags say all. */
function lazily(find: Finder): Finder {
  let found: { readonly cluster: KubeconfigCluster | undefined } | undefined;
  return () => {
    found ??= { cluster: find() };
    return found.cluster;
  };
}

function findUrl(
  { apiServer }: ApiServerOptions,
  envFile: string,
  kubeconfig: Finder,
): Pick<DiscoveredServer, 'url' | 'from'> {
  if (apiServer !== undefined) {
    return { url: apiServer.includes('://') ? apiServer : `https://${apiServer}`, from: 'flag' };
  }
  const envHost = hostFromEnvFile(envFile);
  if (envHost !== undefined) return { url: `https://${envHost}`, from: 'env-file' };
  const server = kubeconfig()?.server;
  if (server !== undefined) return { url: server, from: 'kubeconfig' };
  return { url: `https://${DEFAULT_HOST}`, from: 'default' };
}

function checkedUrl(text: string): PlainOrigin {
  return plainOrigin(text) ?? normalUrl(text);
}

/** A function of its own, because one that only names `URL` loads it. */
function normalUrl(text: string): PlainOrigin {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new Failure(
      `cannot use ${quote(text)} as the API server: it is no https:// URL, and the token must not travel ` +
        'unencrypted; give --api-server https://HOST:PORT',
    );
  }
  const port = url.port === '' ? '443' : url.port;
  return {
    url: withoutTrailingSlashes(`${url.origin}${url.pathname}`),
    host: `${url.hostname}:${port}`,
  };
}

/**
 * The kubeconfig that the flags name, or the kubelet's own, or else the first of the usual places that is
 * one. Throws a Failure where the one named is none.
 */
export function findKubeconfig(options: ApiServerOptions): KubeconfigCluster | undefined {
  if (options.kubeconfig !== undefined) {
    const given = readKubeconfig(options.kubeconfig);
    if (given !== undefined) return given;
    const problem = isThere(options.kubeconfig)
      ? 'is no kubeconfig with a cluster'
      : 'does not exist';
    throw new Failure(
      `${quote(options.kubeconfig)} ${problem}; give --kubeconfig the kubelet's own`,
    );
  }
  const fromKubelet = kubeconfigFlagOf(options.parentPid());
  const candidates = fromKubelet === undefined ? KUBECONFIGS : [fromKubelet, ...KUBECONFIGS];
  for (const path of candidates) {
    const found = readKubeconfig(path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The value of `--kubeconfig` on a process's command line. */
function kubeconfigFlagOf(pid: number): string | undefined {
  const args = commandLine(pid);
  const index = args.findIndex((one) => /^--?kubeconfig(?:=|$)/.test(one));
  const flag = args[index];
  if (flag === undefined) return undefined;
  const value = flag.includes('=') ? flag.slice(flag.indexOf('=') + 1) : args[index + 1];
  return value?.startsWith('/') ? value : undefined;
}

function commandLine(pid: number): string[] {
  try {
    const bytes = readRegularFile(`/proc/${pid}/cmdline`);
    return bytes === undefined ? [] : utf8Text(bytes).split('\0');
  } catch {
    // The parent is hidden: the usual places are asked, as where it is gone.
    return [];
  }
}

function hostFromEnvFile(path: string): string | undefined {
  const variables = readEnvFile(path);
  const host = variables.get('KUBERNETES_SERVICE_HOST') ?? '';
  const port = variables.get('KUBERNETES_SERVICE_PORT') ?? '';
  if (host === '' || port === '') return undefined;
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`;
}

function readEnvFile(path: string): ReadonlyMap<string, string> {
  const text = readOptional(path);
  // Where there is no such file, as on most nodes, nothing is to be compiled.
  if (text === '') return new Map();
  const assignments = text.matchAll(
    /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#]*))/gm,
  );
  return new Map(
    [...assignments].map(([, name = '', double, single, bare = '']) => [
      name,
      double ?? single ?? bare,
    ]),
  );
}

function readOptional(path: string): string {
  try {
    const bytes = readRegularFile(path);
    return bytes === undefined ? '' : utf8Text(bytes);
  } catch (error) {
    if (errorCode(error) === 'ENOTDIR') return '';
    throw new Failure(
      `cannot read ${quote(path)}: ${unreadableReason(error)}; make it readable or give --api-server`,
    );
  }
}

function findAuthority({ certificateAuthority }: ApiServerOptions, kubeconfig: Finder): Authority {
  if (certificateAuthority !== undefined) return readAuthority(certificateAuthority);
  const fromKubeconfig = kubeconfig()?.certificateAuthority;
  if (fromKubeconfig !== undefined) return fromKubeconfig;
  for (const path of AUTHORITIES) {
    const found = readAuthorityIfAny(path);
    if (found !== undefined) return found;
  }
  throw new Failure(
    'no certificate authority for the API server was found, neither in a kubeconfig of the kubelet nor in ' +
      `${AUTHORITIES.join(' or ')}; give --certificate-authority FILE or --kubeconfig FILE ` +
      '(--insecure-skip-tls-verify switches verification off)',
  );
}
