import { globMatches } from './label-glob.ts';
import { labelsAndPort, matchImage } from './match-images.ts';
import { parseSchemelessUrl, type SchemelessUrl } from './schemeless-url.ts';

/** A `matchImages` pattern that does not cover an image, and why, to be read after the pattern. */
export interface PatternMiss {
  readonly pattern: string;
  /** Its index among the patterns. */
  readonly index: number;
  readonly reason: string;
}

/** The kubelet knows Docker Hub by this name alone. */
const DOCKER_HUB = 'docker.io';
const DOCKER_HUB_NAME = /^(?:[^*]+\.)?docker\.(?:io|com)$/;

const FAR = 100;

/** The pattern that comes nearest to an image that none of them covers; undefined where there are none. */
export function nearestPattern(
  patterns: readonly string[],
  image: string,
): PatternMiss | undefined {
  let nearest: (PatternMiss & Miss) | undefined;
  for (const [index, pattern] of patterns.entries()) {
    const miss = missOf(pattern, image);
    if (nearest === undefined || miss.distance < nearest.distance) {
      nearest = { pattern, index, ...miss };
    }
  }
  return nearest;
}

interface Miss {
  readonly reason: string;
  /** 0 is next to a match. */
  readonly distance: number;
}

function missOf(pattern: string, image: string): Miss {
  const ofPattern = parseSchemelessUrl(pattern);
  const ofImage = parseSchemelessUrl(image);
  if ('error' in ofPattern) return { reason: `does not parse: ${ofPattern.error}`, distance: FAR };
  if ('error' in ofImage)
    return { reason: `the image does not parse: ${ofImage.error}`, distance: FAR };
  if (matchImage(pattern.toLowerCase(), image.toLowerCase()).matched) {
    return { reason: 'differs in upper and lower case', distance: 0 };
  }
  const [patternLabels] = labelsAndPort(ofPattern.host);
  const [imageLabels] = labelsAndPort(ofImage.host);
  if (isOtherHubName(patternLabels, imageLabels)) {
    return {
      reason: `the kubelet calls Docker Hub ${DOCKER_HUB}, and by no other name`,
      distance: 0,
    };
  }
  const misses = [
    hostMiss(patternLabels, imageLabels),
    portMiss(ofPattern, ofImage),
    pathMiss(ofPattern, ofImage),
  ].filter((one) => one !== undefined);
  return {
    reason: misses.map(({ reason }) => reason).join(', '),
    distance: misses.reduce((sum, { distance }) => sum + distance, 0),
  };
}

function isOtherHubName(pattern: readonly string[], image: readonly string[]): boolean {
  return image.join('.') === DOCKER_HUB && DOCKER_HUB_NAME.test(pattern.join('.'));
}

/** Labels are compared from the end, where a domain begins. */
function hostMiss(pattern: readonly string[], image: readonly string[]): Miss | undefined {
  const pairs = Math.min(pattern.length, image.length);
  const different = Array.from({ length: pairs }, (_, at) => at + 1).filter(
    (at) => globMatches(pattern.at(-at) ?? '', image.at(-at) ?? '') !== true,
  );
  const missing = Math.abs(pattern.length - image.length);
  if (different.length === pairs) return { reason: 'is for another host', distance: FAR / 2 };
  if (different.length > 0) {
    const [at = 1] = different;
    const reason = `is for another host: ${pattern.at(-at)} is not ${image.at(-at)}`;
    return { reason, distance: 5 * different.length + missing };
  }
  if (missing === 0) return undefined;
  const lengths = `has ${counted(pattern.length)}, the host ${image.length}`;
  const reason = pattern.includes('*') ? `${lengths}, and a * stands for exactly one` : lengths;
  return { reason, distance: missing };
}

function portMiss(pattern: SchemelessUrl, image: SchemelessUrl): Miss | undefined {
  const [, wanted] = labelsAndPort(pattern.host);
  const [, found] = labelsAndPort(image.host);
  if (wanted === found) return undefined;
  const has = wanted === '' ? 'has no port' : `has port ${wanted}`;
  return { reason: `${has}, the image ${found === '' ? 'none' : found}`, distance: 1 };
}

function pathMiss({ path: wanted }: SchemelessUrl, { path }: SchemelessUrl): Miss | undefined {
  if (path.startsWith(wanted)) return undefined;
  const reason = wanted.includes('*')
    ? `has a * in its path, where it stands for itself`
    : `has the path ${wanted}, with which ${path === '' ? 'no path' : path} does not begin`;
  return { reason, distance: 1 };
}

function counted(labels: number): string {
  return labels === 1 ? 'one label' : `${labels} labels`;
}
