import type { DirectoryTree } from '../node/node-tree.ts';
import type { ProposedPattern } from '../platform/propose-match-images.ts';
import { proposeMatchImages } from '../platform/propose-match-images.ts';
import type { ProviderChoice } from '../platform/provider-config.ts';
import { parseRegistriesConf } from '../registries/conf-file.ts';
import { DEFAULT_DROP_IN_DIRS, DEFAULT_REGISTRIES_CONF } from '../registries/defaults.ts';
import { loadRegistries } from '../registries/load.ts';
import { note } from './print-documents.ts';

const CREDENTIAL_ROOT = '/etc/kubernetes/registries';
const FALLBACK = 'docker.io';

/**
 * For which images the kubelet shall run the providers: those given, else what the node mirrors or moves,
 * and for the file provider what it has credentials for.
 */
export function installPatterns(
  tree: DirectoryTree,
  options: { readonly provider: ProviderChoice; readonly matchImages: readonly string[] },
  registriesDropIn: string | undefined,
): readonly ProposedPattern[] {
  if (options.matchImages.length > 0) {
    return [...new Set(options.matchImages)].map((pattern) => ({ pattern }));
  }
  const proposed = [
    ...(options.provider === 'generic' ? [] : mirroredPatterns(tree, registriesDropIn)),
    ...(options.provider === 'mirror' ? [] : credentialPatterns(tree)),
  ];
  const unique = proposed.filter(
    ({ pattern }, index) => proposed.findIndex((one) => one.pattern === pattern) === index,
  );
  if (unique.length > 0) return unique;
  note(
    `nothing on this node says for which images, so it is ${FALLBACK}; give --match-images, or run this again ` +
      'once registries.conf has mirrors',
  );
  return [{ pattern: FALLBACK }];
}

function mirroredPatterns(
  tree: DirectoryTree,
  registriesDropIn: string | undefined,
): readonly ProposedPattern[] {
  const { registries } = loadRegistries({
    mainFile: tree.locate(DEFAULT_REGISTRIES_CONF),
    dropInDirs: DEFAULT_DROP_IN_DIRS.map((directory) => tree.locate(directory)),
    missingMainFile: 'ignore',
  });
  const added =
    registriesDropIn === undefined
      ? []
      : parseRegistriesConf('--mirror', Buffer.from(registriesDropIn)).registries;
  const { patterns, leftOut } = proposeMatchImages([...registries, ...added]);
  for (const reason of leftOut) note(reason);
  return patterns;
}

/** The registries that the file provider's store has a file for. */
function credentialPatterns(tree: DirectoryTree): readonly ProposedPattern[] {
  return tree
    .list(CREDENTIAL_ROOT)
    .filter((name) => /^[^.].*\.json$/.test(name))
    .map((name) => ({ pattern: name.replace(/\.json$/, '') }));
}
