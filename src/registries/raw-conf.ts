import { Table } from './table.ts';
import type { TomlPath } from './toml-path.ts';

/** A registries.conf as it is written: types checked, nothing else. */
export interface RawConf {
  readonly isVersion1: boolean;
  readonly registries: readonly RawRegistry[];
  readonly unqualifiedSearchRegistries: readonly string[] | undefined;
  readonly credentialHelpers: readonly string[] | undefined;
  readonly shortNameMode: string;
  readonly additionalLayerStoreAuthHelper: string;
  readonly aliases: readonly [name: string, value: string, at: TomlPath][];
}

export interface RawEndpoint {
  readonly location: string;
  readonly insecure: boolean;
  readonly pullFromMirror: string;
  readonly at: TomlPath | undefined;
}

export interface RawRegistry extends RawEndpoint {
  readonly prefix: string;
  readonly blocked: boolean;
  readonly mirrorByDigestOnly: boolean;
  readonly mirrors: readonly RawEndpoint[];
}

const VERSION_1_TABLES = ['search', 'insecure', 'block'] as const;

/** Reads the fields of a parsed file. Throws a ConfProblem of class `toml-type`. */
export function rawConfOf(toml: unknown): RawConf {
  const file = new Table(toml, undefined);
  return {
    registries: file.tables('registry', rawRegistryOf) ?? [],
    isVersion1: usesVersion1(file),
    unqualifiedSearchRegistries: file.strings('unqualified-search-registries'),
    credentialHelpers: file.strings('credential-helpers'),
    shortNameMode: file.string('short-name-mode') ?? '',
    additionalLayerStoreAuthHelper: file.string('additional-layer-store-auth-helper') ?? '',
    aliases: file.stringsByKey('aliases'),
  };
}

function rawRegistryOf(table: Table): RawRegistry {
  return {
    ...rawEndpointOf(table),
    prefix: table.string('prefix') ?? '',
    blocked: table.boolean('blocked') ?? false,
    mirrorByDigestOnly: table.boolean('mirror-by-digest-only') ?? false,
    mirrors: table.tables('mirror', rawEndpointOf) ?? [],
  };
}

function rawEndpointOf(table: Table): RawEndpoint {
  return {
    location: table.string('location') ?? '',
    insecure: table.boolean('insecure') ?? false,
    pullFromMirror: table.string('pull-from-mirror') ?? '',
    at: table.at,
  };
}

/** The old format is known by its lists, even empty ones; an empty `[registries.search]` is nothing. */
function usesVersion1(file: Table): boolean {
  let isUsed = false;
  for (const table of file.spellings('registries')) {
    for (const name of VERSION_1_TABLES) {
      for (const list of table.spellings(name)) {
        // All are read, because each must have its type.
        if (list.strings('registries') !== undefined) isUsed = true;
      }
    }
  }
  return isUsed;
}
