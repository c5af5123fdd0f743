import { builtInProvider, configFileOf, GENERIC_CONFIG_FILE } from './built-in-providers.ts';
import { DROP_IN_FILE, OPENSHIFT_DROP_IN } from './kubelet-unit.ts';
import type { NodeFile } from './machine-config.ts';
import { readOriginalConfig } from './original-config.ts';
import { overlayProvider } from './overlay.ts';
import { platformProblem } from './platform-type.ts';

/** What a pool's nodes get, and which entries of `matchImages` they do not. */
export interface PoolFiles {
  readonly files: readonly NodeFile[];
  readonly overlapped: readonly string[];
}

/**
 * The files by which a platform's kubelets run the mirror provider, as the machine-config-operator
 * renders them: the platform's own file with the provider added; elsewhere the generic file, and the
 * drop-in that names it. Without entries, or where all overlap, there are none.
 */
export function poolFiles(
  platform: string,
  matchImages: readonly string[],
  annotationKeys: readonly string[] = [],
): PoolFiles {
  const problem = platformProblem(platform);
  if (problem !== undefined) throw new Error(problem);
  const original = readOriginalConfig(builtInProvider(platform)?.config ?? '');
  if ('error' in original) throw new Error(original.error);
  const { yaml, overlapped } = overlayProvider(original, matchImages, annotationKeys);
  if (yaml === undefined) return { files: [], overlapped };
  const configFile = configFileOf(platform);
  const config = { path: configFile, content: yaml };
  const needsDropIn = configFile === GENERIC_CONFIG_FILE;
  const dropIn = { path: DROP_IN_FILE, content: OPENSHIFT_DROP_IN };
  return { files: needsDropIn ? [config, dropIn] : [config], overlapped };
}
