import type { ApiServerOptions } from '../kubernetes/discovery.ts';
import { DEFAULT_DROP_IN_DIRS, DEFAULT_REGISTRIES_CONF } from '../registries/defaults.ts';
import { type Flag, type FlagValues, isOn, millisecondsOf, oneOf } from './flags.ts';
import { PLUGIN_FLAGS, type PluginOptions, pluginOptions } from './plugin-run.ts';

const IMAGE_ACCESS = ['service-account', 'node'] as const;

/** Who may start an image that was pulled with a namespace's credential and is on the node. */
export type ImageAccess = (typeof IMAGE_ACCESS)[number];

/** What the command line of the mirror provider says; times in milliseconds. */
export interface MirrorOptions extends PluginOptions {
  readonly registriesConf: string;
  readonly registriesConfDirs: readonly string[];
  readonly authDir: string;
  readonly globalAuthFile: string;
  readonly apiServer: ApiServerOptions;
  readonly imageAccess: ImageAccess;
  readonly publishWait: number;
  /** 0: never. */
  readonly staleAfter: number;
}

/** The flags of `crio-credential-provider`. */
export const MIRROR_FLAGS: readonly Flag[] = [
  {
    name: 'registries-conf',
    value: 'FILE',
    help: `registries.conf(5); default ${DEFAULT_REGISTRIES_CONF}`,
  },
  {
    name: 'registries-conf-dir',
    value: 'DIR',
    help: 'only this directory of drop-ins; default the system’s',
  },
  { name: 'auth-dir', value: 'DIR', help: 'where CRI-O takes auth files; default /etc/crio/auth' },
  {
    name: 'kubelet-auth-file',
    value: 'FILE',
    help: 'global auth file; default /var/lib/kubelet/config.json',
  },
  {
    name: 'kubernetes-config-dir',
    value: 'DIR',
    help: 'holds apiserver-url.env; default /etc/kubernetes',
  },
  {
    name: 'kubeconfig',
    value: 'FILE',
    help: "the kubelet's; default found from the kubelet or its usual places",
  },
  {
    name: 'api-server',
    value: 'URL',
    help: 'default from apiserver-url.env, else from the kubeconfig',
  },
  {
    name: 'certificate-authority',
    value: 'FILE',
    help: "the API server's CA; default from the kubeconfig",
  },
  { name: 'insecure-skip-tls-verify', help: "do not verify the API server's certificate" },
  {
    name: 'image-access',
    value: 'WHO',
    help: 'images on the node stay with the service-account, or node; default service-account',
  },
  {
    name: 'publish-wait',
    value: 'DURATION',
    help: 'how long an auth file may wait for CRI-O; default 2s',
  },
  {
    name: 'stale-after',
    value: 'DURATION',
    help: 'unused auth files are removed; default 1h, 0s is never',
  },
  ...PLUGIN_FLAGS,
  { name: 'version', help: 'display version information' },
  { name: 'version-json', help: 'display version information as JSON' },
  { name: 'help', short: 'h', help: 'display this help' },
];

/** Turns flag values into options. Throws a UsageError that names the flag and what it takes. */
export function mirrorOptions(values: FlagValues, parentPid: () => number): MirrorOptions {
  const dropInDir = values.get('registries-conf-dir');
  return {
    ...pluginOptions(values),
    registriesConf: values.get('registries-conf') ?? DEFAULT_REGISTRIES_CONF,
    registriesConfDirs: dropInDir === undefined ? DEFAULT_DROP_IN_DIRS : [dropInDir],
    authDir: values.get('auth-dir') ?? '/etc/crio/auth',
    globalAuthFile: values.get('kubelet-auth-file') ?? '/var/lib/kubelet/config.json',
    apiServer: apiServerOptions(values, parentPid),
    imageAccess: oneOf(values, 'image-access', IMAGE_ACCESS, 'service-account'),
    publishWait: millisecondsOf(values, 'publish-wait', 2_000),
    staleAfter: millisecondsOf(values, 'stale-after', 3_600_000),
  };
}

function apiServerOptions(values: FlagValues, parentPid: () => number): ApiServerOptions {
  const apiServer = values.get('api-server');
  const kubeconfig = values.get('kubeconfig');
  const certificateAuthority = values.get('certificate-authority');
  return {
    ...(apiServer === undefined ? {} : { apiServer }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
    skipTlsVerify: isOn(values, 'insecure-skip-tls-verify'),
    kubernetesConfigDir: values.get('kubernetes-config-dir') ?? '/etc/kubernetes',
    parentPid,
  };
}
