import { filter, map } from '../diagnostics/lists.ts';
import { type ConfFile, parseRegistriesConf, type ShortNameMode } from './conf-file.ts';
import { listDropIns, type MaskedFile } from './drop-ins.ts';
import { ConfProblem, RegistriesConfError } from './errors.ts';
import { missingFile, readFileIfPresent } from './read-file.ts';
import type { Registry } from './registry.ts';

const MOST_REGISTRIES = 100_000;

/** The credential helper that is none: auth files are asked. It is the default. */
export const AUTH_FILES = 'containers-auth.json';

export interface RegistriesConfSources {
  readonly mainFile: string;
  /** In falling precedence: a file hides those of its name in later directories. */
  readonly dropInDirs: readonly string[];
  /** The library refuses to load without the main file. */
  readonly missingMainFile: 'refuse' | 'ignore';
}

/** An entry that does not count, since another one has its prefix: a later file's, or an earlier one of its own file. */
export interface ReplacedRegistry {
  readonly registry: Registry;
  readonly by: Registry;
}

/** All files merged. */
export interface RegistriesConfig extends GlobalSettings {
  /** One for each prefix, in no particular order. */
  readonly registries: readonly Registry[];
  readonly replaced: readonly ReplacedRegistry[];
  /** The files in the order of their reading. */
  readonly files: readonly string[];
  readonly masked: readonly MaskedFile[];
  readonly isMainFileMissing: boolean;
}

export interface GlobalSettings {
  readonly unqualifiedSearchRegistries: readonly string[];
  /** The file that set them. */
  readonly unqualifiedSearchRegistriesOrigin: string | undefined;
  readonly shortNameMode: ShortNameMode;
  readonly credentialHelpers: readonly string[];
  readonly additionalLayerStoreAuthHelper: string | undefined;
}

/**
 * Loads registries.conf and its drop-ins as containers/image does (registries.conf(5)); the first
 * error ends it. Throws RegistriesConfError.
 */
export function loadRegistries(sources: RegistriesConfSources): RegistriesConfig {
  const main = loadFile(sources.mainFile);
  if (main === undefined && sources.missingMainFile === 'refuse') {
    throw missingFile(sources.mainFile);
  }
  const dropIns = listDropIns(sources.dropInDirs);
  const files = filter([main, ...map(dropIns.files, loadFile)], (one) => one !== undefined);
  checkNumber(files);
  return {
    ...mergeRegistries(files),
    ...mergeSettings(files),
    files: map(files, ({ file }) => file),
    masked: dropIns.masked,
    isMainFileMissing: main === undefined,
  };
}

function loadFile(file: string): ConfFile | undefined {
  const bytes = readFileIfPresent(file);
  return bytes === undefined ? undefined : parseRegistriesConf(file, bytes);
}

function checkNumber(files: readonly ConfFile[]): void {
  let count = 0;
  for (const { file, registries } of files) {
    count += registries.length;
    if (count <= MOST_REGISTRIES) continue;
    const problem = `with this file there are more than ${MOST_REGISTRIES} registries; remove some`;
    throw new RegistriesConfError(file, undefined, new ConfProblem('invalid-registries', problem));
  }
}

/** In one file the first entry of a prefix counts, of several files the last one's, as a whole. */
function mergeRegistries(
  files: readonly ConfFile[],
): Pick<RegistriesConfig, 'registries' | 'replaced'> {
  const byPrefix = new Map<string, Registry>();
  const replaced: ReplacedRegistry[] = [];
  for (const { file, registries } of files) {
    for (const registry of registries) {
      const other = byPrefix.get(registry.prefix);
      if (other?.file === file) {
        replaced.push({ registry, by: other });
        continue;
      }
      if (other !== undefined) replaced.push({ registry: other, by: registry });
      byPrefix.set(registry.prefix, registry);
    }
  }
  return { registries: map(byPrefix, ([, registry]) => registry), replaced };
}

/** The last file that has a setting decides; an empty list counts as one. */
function mergeSettings(files: readonly ConfFile[]): GlobalSettings {
  const search = lastSet(files, (one) => one.unqualifiedSearchRegistries && one);
  const helpers = lastSet(files, (one) => one.credentialHelpers) ?? [];
  return {
    unqualifiedSearchRegistries: search?.unqualifiedSearchRegistries ?? [],
    unqualifiedSearchRegistriesOrigin: search?.file,
    shortNameMode: lastSet(files, (one) => one.shortNameMode) ?? 'permissive',
    credentialHelpers: helpers.length === 0 ? [AUTH_FILES] : helpers,
    additionalLayerStoreAuthHelper: lastSet(files, (one) => one.additionalLayerStoreAuthHelper),
  };
}

function lastSet<T>(
  files: readonly ConfFile[],
  setting: (file: ConfFile) => T | undefined,
): T | undefined {
  let last: T | undefined;
  for (const file of files) last = setting(file) ?? last;
  return last;
}
