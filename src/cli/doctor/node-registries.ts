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

/** Entries whose images are asked for elsewhere than under their own names. */
export function rewrittenRegistries({ registries }: RegistriesConfig): readonly Registry[] {
  return registries.filter(
    ({ mirrors, location, prefix, blocked }) =>
      !blocked && (mirrors.length > 0 || (location !== '' && location !== prefix)),
  );
}
