import { globMatches } from './label-glob.ts';
import { parseSchemelessUrl, type SchemelessUrl } from './schemeless-url.ts';

/** The answer for one pattern and image; with `error`, in Go's words, where one of them does not parse. */
export interface ImageMatch {
  readonly matched: boolean;
  readonly error?: string;
}

/**
 * Whether a `matchImages` pattern covers an image: as many host labels, each matched as a glob, the
 * same port, and the pattern's path a plain text prefix of the image's. Hosts are case-sensitive.
 * The kubelet takes an error for "no match", and refuses a pattern that does not parse at start.
 * Source of the rule: Kubernetes pkg/credentialprovider, URLsMatchStr.
 */
export function matchImage(pattern: string, image: string): ImageMatch {
  const patternUrl = parseSchemelessUrl(pattern);
  if ('error' in patternUrl) return { matched: false, error: patternUrl.error };
  const imageUrl = parseSchemelessUrl(image);
  if ('error' in imageUrl) return { matched: false, error: imageUrl.error };
  return matchUrls(patternUrl, imageUrl);
}

/** Why the kubelet would refuse a `matchImages` entry, or undefined where it accepts it. */
export function patternError(pattern: string): string | undefined {
  const url = parseSchemelessUrl(pattern);
  return 'error' in url ? url.error : undefined;
}

function matchUrls(pattern: SchemelessUrl, image: SchemelessUrl): ImageMatch {
  const [patternLabels, patternPort] = labelsAndPort(pattern.host);
  const [imageLabels, imagePort] = labelsAndPort(image.host);
  if (
    patternPort !== imagePort ||
    patternLabels.length !== imageLabels.length ||
    !image.path.startsWith(pattern.path)
  ) {
    return { matched: false };
  }
  for (const [index, label] of patternLabels.entries()) {
    const matched = globMatches(label, imageLabels[index] ?? '');
    if (matched === undefined) return { matched: false, error: 'syntax error in pattern' };
    if (!matched) return { matched };
  }
  return { matched: true };
}

/**
 * A host's labels and its port. An IPv6 address loses its brackets only together with a port: that is Go's
 * net.SplitHostPort.
 */
export function labelsAndPort(host: string): [labels: string[], port: string] {
  const parts = host.match(/^(?:\[([^[\]]*)\]|([^[\]:]*)):([^[\]:]*)$/);
  if (parts === null) return [host.split('.'), ''];
  return [(parts[1] ?? parts[2] ?? '').split('.'), parts[3] ?? ''];
}
