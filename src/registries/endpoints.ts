import { Failure } from '../diagnostics/errors.ts';
import { map } from '../diagnostics/lists.ts';
import { quote } from '../diagnostics/quote.ts';
import {
  type ImageReference,
  InvalidReference,
  parseCanonicalReference,
} from '../image/reference.ts';
import { matchedLength } from './find.ts';
import type { Mirror, PullLocation, Registry } from './registry.ts';

/** A place that an image may be pulled from, with the image's name there. */
export interface Endpoint {
  readonly kind: 'mirror' | 'primary';
  /** `host[:port][/path]`; under a wildcard prefix without location, the image's own host. */
  readonly location: string;
  readonly insecure: boolean;
  /** The repository name with the prefix replaced by the location. */
  readonly reference: string;
  /** Why no image can be pulled by that reference; the library then gives up all endpoints. */
  readonly problem?: string;
}

/** One source of a pull as the library lists them. */
export interface PullSource extends PullLocation {
  readonly reference: ImageReference;
}

/** An image that cannot be renamed for one of its endpoints. `reason` is worded as containers/image words it. */
export class RewriteError extends Failure {
  readonly reason: string;

  constructor(rewritten: string, reason: string) {
    super(
      `the pull would go to ${quote(rewritten)}, which is no image reference: ${reason}; correct prefix and location in registries.conf`,
    );
    this.name = 'RewriteError';
    this.reason = reason;
  }
}

/**
 * All endpoints for a repository name that the registry matches: every mirror in the file's order,
 * whatever tags or digests it is for, then the registry itself. Nothing is thrown for one that
 * cannot be used.
 */
export function endpointsOf(registry: Registry, repositoryName: string): Endpoint[] {
  const matched = matchedLength(repositoryName, registry.prefix) ?? repositoryName.length;
  const endpoint = (kind: Endpoint['kind'], place: PullLocation): Endpoint => {
    const location = place.location || repositoryName.slice(0, matched);
    const reference = location + repositoryName.slice(matched);
    const problem = problemOf(reference);
    return {
      kind,
      location,
      insecure: place.insecure,
      reference,
      ...(problem === undefined ? {} : { problem }),
    };
  };
  return [
    ...map(registry.mirrors, (mirror) => endpoint('mirror', mirror)),
    endpoint('primary', registry),
  ];
}

/**
 * The sources of a pull in their order, as the library decides them: the mirrors that allow this
 * kind of reference, then the registry itself. Throws RewriteError if any of them is unusable.
 */
export function pullSources(registry: Registry, reference: ImageReference): PullSource[] {
  const isDigestPull = reference.digest !== undefined;
  const mirrors = registry.mirrors.filter((mirror) => allows(registry, mirror, isDigestPull));
  return [...mirrors, registry].map(({ location, insecure }) => ({
    location,
    insecure,
    reference: rewrite(reference, registry.prefix, location),
  }));
}

/** Whether a mirror is for pulls of this kind: by digest, or by tag. */
export function allows(registry: Registry, mirror: Mirror, isDigestPull: boolean): boolean {
  if (registry.mirrorByDigestOnly) return isDigestPull;
  switch (mirror.pullFromMirror) {
    case 'digest-only':
      return isDigestPull;
    case 'tag-only':
      return !isDigestPull;
    default:
      return true;
  }
}

function rewrite(reference: ImageReference, prefix: string, location: string): ImageReference {
  const text = reference.toString();
  const matched = matchedLength(text, prefix);
  if (matched === undefined) {
    throw new RewriteError(text, `invalid prefix '${prefix}' for reference '${text}'`);
  }
  if (location === '') return reference;
  const rewritten = location + text.slice(matched);
  try {
    return parseCanonicalReference(rewritten);
  } catch (error) {
    if (!(error instanceof InvalidReference)) throw error;
    throw new RewriteError(rewritten, `rewriting reference: ${error.reason}`);
  }
}

function problemOf(reference: string): string | undefined {
  try {
    parseCanonicalReference(reference);
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidReference)) throw error;
    return error.reason;
  }
}
