import { find, forEach, map } from '../diagnostics/lists.ts';
import { quote } from '../diagnostics/quote.ts';
import { isRegistryHost } from '../image/registry-host.ts';
import { checkAlias } from './aliases.ts';
import { decodeText } from './decode-text.ts';
import { locationOf, registryOf } from './entry-rules.ts';
import { ConfProblem, type Position, RegistriesConfError } from './errors.ts';
import { type RawConf, type RawRegistry, rawConfOf } from './raw-conf.ts';
import type { Registry } from './registry.ts';
import { positionOfKeys } from './second-parser.ts';
import { parseToml } from './toml.ts';
import { keysOf } from './toml-path.ts';

const SHORT_NAME_MODES = ['disabled', 'enforcing', 'permissive'] as const;

/** Whether a short image name may be asked about; the library's default is `permissive`. */
export type ShortNameMode = (typeof SHORT_NAME_MODES)[number];

/** One file that passed all checks. A setting that it leaves out is undefined. */
export interface ConfFile {
  readonly file: string;
  /** In the file's order; of one prefix several times the first one counts. */
  readonly registries: readonly Registry[];
  readonly unqualifiedSearchRegistries: readonly string[] | undefined;
  readonly credentialHelpers: readonly string[] | undefined;
  readonly shortNameMode: ShortNameMode | undefined;
  readonly additionalLayerStoreAuthHelper: string | undefined;
}

/**
 * Parses and checks one registries.conf in the library's order (containers/image
 * pkg/sysregistriesv2). Throws RegistriesConfError with the place in the file.
 */
export function parseRegistriesConf(file: string, bytes: Uint8Array): ConfFile {
  let text = '';
  try {
    text = decodeText(bytes);
    return checked(rawConfOf(parseToml(text)), file);
  } catch (error) {
    if (!(error instanceof ConfProblem)) throw error;
    throw new RegistriesConfError(file, positionOf(text, error), error);
  }
}

function positionOf(text: string, { at }: ConfProblem): Position | undefined {
  if (at === undefined || 'line' in at) return at;
  return positionOfKeys(text, keysOf(at));
}

function checked(raw: RawConf, file: string): ConfFile {
  if (raw.isVersion1) throw version1();
  const registries = map(raw.registries, (entry) => registryOf(entry, file));
  checkConflicts(registries, raw.registries);
  const unqualifiedSearchRegistries =
    raw.unqualifiedSearchRegistries && map(raw.unqualifiedSearchRegistries, searchRegistryOf);
  const shortNameMode = shortNameModeOf(raw.shortNameMode);
  forEach(registries, ({ prefix }, index) => checkWildcard(prefix, raw.registries[index]));
  for (const [name, value, at] of raw.aliases) checkAlias(name, value, at);
  return {
    file,
    registries,
    unqualifiedSearchRegistries,
    credentialHelpers: raw.credentialHelpers,
    shortNameMode,
    additionalLayerStoreAuthHelper: raw.additionalLayerStoreAuthHelper || undefined,
  };
}

function version1(): ConfProblem {
  return new ConfProblem(
    'invalid-registries',
    'the file is in version 1 of the format, which CRI-O no longer reads; write [registries.search] as unqualified-search-registries, and [registries.insecure] and [registries.block] as [[registry]] entries',
    { within: undefined, key: 'registries' },
  );
}

const AGREED = ['insecure', 'blocked'] as const;

/** Entries of one file that share a location must agree; their prefixes do not matter. */
function checkConflicts(registries: readonly Registry[], raw: readonly RawRegistry[]): void {
  const firstByLocation = new Map<string, Registry>();
  forEach(registries, (registry, index) => {
    const place = registry.location || registry.prefix;
    const first = firstByLocation.get(place);
    if (first === undefined) {
      firstByLocation.set(place, registry);
      return;
    }
    const field = find(AGREED, (one) => first[one] !== registry[one]);
    if (field === undefined) return;
    throw new ConfProblem(
      'invalid-registries',
      `registry ${quote(place)} stands here several times with different values of "${field}"; give all its entries the same`,
      { within: raw[index]?.at, key: field },
    );
  });
}

function searchRegistryOf(text: string, index: number): string {
  const within = { within: undefined, key: 'unqualified-search-registries' };
  const registry = locationOf(text, within, index);
  if (isRegistryHost(registry)) return registry;
  throw new ConfProblem(
    'invalid-registries',
    `${quote(text)} in unqualified-search-registries is no registry host; write HOST or HOST:PORT`,
    { within, key: index },
  );
}

function shortNameModeOf(text: string): ShortNameMode | undefined {
  if (text === '') return undefined;
  const mode = find(SHORT_NAME_MODES, (one) => one === text);
  if (mode !== undefined) return mode;
  throw new ConfProblem(
    'invalid-short-name-mode',
    `short-name-mode is ${quote(text)}; write one of: ${SHORT_NAME_MODES.join(', ')}`,
    { within: undefined, key: 'short-name-mode' },
  );
}

function checkWildcard(prefix: string, raw: RawRegistry | undefined): void {
  if (!prefix.startsWith('*.') || !/[/@:]/.test(prefix)) return;
  throw new ConfProblem(
    'invalid-registries',
    `wildcard prefix ${quote(prefix)} has a path, port or digest; write it like "*.example.com"`,
    { within: raw?.at, key: 'prefix' },
  );
}
