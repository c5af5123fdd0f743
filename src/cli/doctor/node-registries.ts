import { RegistriesConfError } from '../../registries/errors.ts';
import { loadRegistries, type RegistriesConfig } from '../../registries/load.ts';
import type { Registry } from '../../registries/registry.ts';
import type { NodeWorld } from './node-world.ts';

/** The node's registries.conf and drop-ins, as the mirror provider reads them. Throws RegistriesConfError. */
export function nodeRegistries({ tree, plugin }: NodeWorld): RegistriesConfig {
  const { registriesConf, registriesConfDirs } = plugin.options;
  return loadRegistries({
    mainFile: tree.locate(registriesConf),
    dropInDirs: registriesConfDirs.map((directory) => tree.locate(directory)),
    missingMainFile: 'ignore',
  });
}

/** The same entries, none where the files cannot be loaded: another check tells of that. */
export function mirroredRegistries(world: NodeWorld): readonly Registry[] {
  try {
    return rewrittenRegistries(nodeRegistries(world));
  } catch (error) {
    if (error instanceof RegistriesConfError) return [];
    throw error;
  }
}

/** Entries whose images are asked for elsewhere than under their own names. */
export function rewrittenRegistries({ registries }: RegistriesConfig): readonly Registry[] {
  return registries.filter(
    ({ mirrors, location, prefix, blocked }) =>
      !blocked && (mirrors.length > 0 || (location !== '' && location !== prefix)),
  );
}
