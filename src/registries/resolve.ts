import { type ImageReference, InvalidReference, parseReference } from '../image/reference.ts';
import { pullSources, RewriteError } from './endpoints.ts';
import { findRegistry } from './find.ts';
import { AUTH_FILES, type GlobalSettings, type RegistriesConfig } from './load.ts';
import type { Mirror, PullLocation, Registry } from './registry.ts';

/** What a configuration says about one image; the form in which `pullkey registries resolve -o json` prints it. */
export interface Resolution extends ParsedImage {
  /** The registry that matches the image's name, without tag and digest. */
  readonly registry: ResolvedRegistry | null;
  /** The one that matches the full reference, where that is another. */
  readonly registryByRef?: ResolvedRegistry;
  readonly pullSources?: readonly ResolvedSource[];
  readonly pullSourcesError?: string;
  /** The global settings that are not the default. */
  readonly config?: Partial<GlobalSettings>;
}

/** One of the two: the reference in its normal form, or why the image is none. */
export interface ParsedImage {
  readonly reference?: string;
  readonly referenceError?: string;
}

type ResolvedRegistry = Omit<Registry, 'file' | 'mirrors'> & {
  readonly mirrors: readonly Mirror[];
};
type ResolvedSource = PullLocation & { readonly reference: string };

/** Resolves an image as the library would. An image that is no reference is looked up as it stands. */
export function resolveImage(config: RegistriesConfig, image: string): Resolution {
  const parsed = parse(image);
  const reference = typeof parsed === 'string' ? undefined : parsed;
  const registry = findRegistry(config, reference?.name ?? image);
  const byReference = findRegistry(config, reference?.toString() ?? image);
  const settings = changedSettings(config);
  return {
    ...described(parsed),
    registry: registry === undefined ? null : shown(registry),
    ...(byReference === undefined || byReference === registry
      ? {}
      : { registryByRef: shown(byReference) }),
    ...(registry === undefined || reference === undefined ? {} : sourcesOf(registry, reference)),
    ...(Object.keys(settings).length === 0 ? {} : { config: settings }),
  };
}

/** The image in its normal form, or why it has none. */
export function describeImage(image: string): ParsedImage {
  return described(parse(image));
}

function parse(image: string): ImageReference | string {
  try {
    return parseReference(image);
  } catch (error) {
    if (!(error instanceof InvalidReference)) throw error;
    return error.reason;
  }
}

function described(parsed: ImageReference | string): ParsedImage {
  return typeof parsed === 'string' ? { referenceError: parsed } : { reference: parsed.toString() };
}

function sourcesOf(
  registry: Registry,
  reference: ImageReference,
): Pick<Resolution, 'pullSources' | 'pullSourcesError'> {
  try {
    const sources = pullSources(registry, reference);
    return { pullSources: sources.map((one) => ({ ...one, reference: one.reference.toString() })) };
  } catch (error) {
    if (!(error instanceof RewriteError)) throw error;
    return { pullSourcesError: error.reason };
  }
}

function shown({ file: _, ...registry }: Registry): ResolvedRegistry {
  return registry;
}

function changedSettings(config: RegistriesConfig): Partial<GlobalSettings> {
  const { unqualifiedSearchRegistries, unqualifiedSearchRegistriesOrigin } = config;
  const { shortNameMode, credentialHelpers, additionalLayerStoreAuthHelper } = config;
  const hasDefaultHelpers = credentialHelpers.length === 1 && credentialHelpers[0] === AUTH_FILES;
  return {
    ...(unqualifiedSearchRegistries.length === 0
      ? {}
      : { unqualifiedSearchRegistries, unqualifiedSearchRegistriesOrigin }),
    ...(shortNameMode === 'permissive' ? {} : { shortNameMode }),
    ...(hasDefaultHelpers ? {} : { credentialHelpers }),
    ...(additionalLayerStoreAuthHelper === undefined ? {} : { additionalLayerStoreAuthHelper }),
  };
}
