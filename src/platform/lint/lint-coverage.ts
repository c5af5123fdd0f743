import type { CredentialProviderConfig } from '../../kubelet/credential-provider-config.ts';
import { matchImage, patternError } from '../../kubelet/match-images.ts';
import { nearestPattern } from '../../kubelet/pattern-miss.ts';
import type { ConfFile } from '../../registries/conf-file.ts';
import type { Registry } from '../../registries/registry.ts';
import { keyPositions } from '../../registries/second-parser.ts';
import { MIRROR_PROVIDER } from '../overlay.ts';
import { type Finding, warningIn } from './finding.ts';

/** A parsed registries.conf with its text. */
export interface MirrorSource {
  readonly conf: ConfFile;
  readonly text: string;
}

/** The patterns for whose images the kubelet runs the mirror provider; undefined where no configuration has it. */
export function mirrorPatterns({
  providers,
}: CredentialProviderConfig): readonly string[] | undefined {
  return providers.find(({ name }) => name === MIRROR_PROVIDER)?.matchImages;
}

/** Prefixes with mirrors, or another location, for whose images no pattern makes the kubelet run the mirror provider. */
export function lintCoverage(
  sources: readonly MirrorSource[],
  patterns: readonly string[],
): readonly Finding[] {
  return sources.flatMap(({ conf, text }) => {
    const at = keyPositions(text);
    return conf.registries.flatMap((registry, index) => {
      const reason = uncovered(registry, patterns);
      if (reason === undefined) return [];
      const position = at(['registry', index]);
      const message = `no matchImages entry of ${MIRROR_PROVIDER} covers ${registry.prefix}, so its mirrors get no credentials${reason}`;
      return [warningIn(conf.file, { position, rule: 'mirror-not-covered', message })];
    });
  });
}

/** Why no pattern covers all images of a registry, to be read after the sentence; undefined where one does. */
export function uncovered(
  { prefix, location, mirrors, blocked }: Registry,
  patterns: readonly string[],
): string | undefined {
  const isRewritten = mirrors.length > 0 || (location !== '' && location !== prefix);
  // The kubelet asks with the repository's name alone, so these cannot be covered at all.
  const namesTagOrDigest = /@|:[^/]*$/.test(prefix.replace(/^[^/]*/, ''));
  if (!isRewritten || blocked || namesTagOrDigest) return undefined;
  const image = exampleImage(prefix);
  if (patternError(image) !== undefined) return undefined;
  if (patterns.some((pattern) => matchImage(pattern, image).matched)) return undefined;
  const near = nearestPattern(patterns, image);
  return near === undefined
    ? `; add ${prefix}`
    : ` (${near.pattern}: ${near.reason}); add ${prefix}`;
}

function exampleImage(prefix: string): string {
  const name = prefix.replace(/^\*/, 'name');
  return name.includes('/') ? name : `${name}/image`;
}
