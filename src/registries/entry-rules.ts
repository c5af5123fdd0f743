import { map } from '../diagnostics/lists.ts';
import { quote } from '../diagnostics/quote.ts';
import { withoutTrailingSlashes } from '../diagnostics/trailing-slashes.ts';
import { ConfProblem } from './errors.ts';
import type { RawEndpoint, RawRegistry } from './raw-conf.ts';
import type { Mirror, PullFromMirror, Registry } from './registry.ts';
import type { TomlPath } from './toml-path.ts';

/** The entry after the rules that look at it alone, in the library's order. Throws a ConfProblem. */
export function registryOf(raw: RawRegistry, file: string): Registry {
  const location = locationOf(raw.location, raw.at, 'location');
  const prefix = prefixOf(raw, location);
  if (raw.pullFromMirror !== '') {
    throw invalid(
      `pull-from-mirror is set for the registry ${quote(prefix)}; move it into its [[registry.mirror]] entries`,
      { within: raw.at, key: 'pull-from-mirror' },
    );
  }
  return {
    prefix,
    location,
    insecure: raw.insecure,
    blocked: raw.blocked,
    mirrorByDigestOnly: raw.mirrorByDigestOnly,
    mirrors: map(raw.mirrors, (mirror) => mirrorOf(mirror, prefix, raw.mirrorByDigestOnly)),
    file,
  };
}

/**
 * A location without its trailing slashes. Throws a ConfProblem where it has a scheme; `within` and
 * `key` say where it stands.
 */
export function locationOf(
  text: string,
  within: TomlPath | undefined,
  key: string | number,
): string {
  const location = text.endsWith('/') ? withoutTrailingSlashes(text) : text;
  if (!location.startsWith('http://') && !location.startsWith('https://')) return location;
  throw invalid(`location ${quote(text)} has a scheme; write it without http:// or https://`, {
    within,
    key,
  });
}

function prefixOf(raw: RawRegistry, location: string): string {
  if (raw.prefix === '') {
    if (location !== '') return location;
    throw invalid('the registry has neither location nor prefix; give it a location', raw.at);
  }
  const prefix = locationOf(raw.prefix, raw.at, 'prefix');
  if (location !== '' || prefix.startsWith('*.')) return prefix;
  throw invalid(
    `the registry with prefix ${quote(prefix)} has no location, which only a prefix like "*.example.com" may leave out; add one`,
    { within: raw.at, key: 'prefix' },
  );
}

function mirrorOf(raw: RawEndpoint, prefix: string, byDigestOnly: boolean): Mirror {
  const location = locationOf(raw.location, raw.at, 'location');
  const { pullFromMirror, insecure } = raw;
  const at = { within: raw.at, key: 'pull-from-mirror' };
  if (location === '') {
    throw invalid(`a mirror of the registry ${quote(prefix)} has no location; add one`, raw.at);
  }
  if (byDigestOnly && pullFromMirror !== '') {
    throw invalid(
      `mirror ${quote(location)} sets pull-from-mirror although its registry ${quote(prefix)} sets mirror-by-digest-only; keep one of the two`,
      at,
    );
  }
  if (!isPullFromMirror(pullFromMirror)) {
    throw invalid(
      `mirror ${quote(location)} has pull-from-mirror = ${quote(pullFromMirror)}; write "all", "digest-only" or "tag-only"`,
      at,
    );
  }
  return { location, insecure, pullFromMirror };
}

function isPullFromMirror(text: string): text is PullFromMirror {
  return text === '' || text === 'all' || text === 'digest-only' || text === 'tag-only';
}

function invalid(message: string, at: TomlPath | undefined): ConfProblem {
  return new ConfProblem('invalid-registries', message, at);
}
