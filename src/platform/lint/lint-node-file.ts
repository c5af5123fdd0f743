import { judgeConfig } from '../../kubelet/read-config.ts';
import type { Finding } from './finding.ts';
import {
  type ConfigSurroundings,
  lintCredentialProviderConfig,
} from './lint-credential-provider-config.ts';
import { lintDockerConfig } from './lint-docker-config.ts';
import { lintRegistriesConf } from './lint-registries-conf.ts';

/** Findings on a file by its path on a node; none for files that have nothing to do with image pulls. */
export function lintNodeFile(
  path: string,
  bytes: Uint8Array,
  surroundings: ConfigSurroundings = {},
): readonly Finding[] {
  if (isRegistriesConf(path)) {
    return lintRegistriesConf(path, bytes).findings;
  }
  if (isProviderConfig(path)) {
    return lintCredentialProviderConfig(path, judgeConfig([{ path, bytes }]), surroundings);
  }
  if (/^\/var\/lib\/kubelet\/config\.json$|\/\.docker\/config\.json$/.test(path)) {
    return lintDockerConfig(path, new TextDecoder().decode(bytes));
  }
  return [];
}

/** Whether containers/image reads the file. */
export function isRegistriesConf(path: string): boolean {
  return /^\/etc\/containers\/registries(?:\.conf|\.(?:\w+\.)?conf\.d\/[^/]+\.conf)$/.test(path);
}

/** Whether it is called as the configurations of kubelets are. */
export function isProviderConfig(path: string): boolean {
  return /\/credential-providers?\/[^/]+\.(?:ya?ml|json)$|credential-provider-config\.(?:ya?ml|json)$/.test(
    path,
  );
}
