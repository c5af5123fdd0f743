import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { digestProblem, hasDigestForm } from './digest.ts';
import { DOCKER_HUB, hubHostOf } from './docker-hub.ts';
import { isRegistryHost } from './registry-host.ts';
import { isRepositoryPath } from './repository-path.ts';

const LONGEST_NAME = 255;
const IMAGE_ID_LENGTH = 64;
const IMAGE_ID = /^[a-f0-9]+$/;
const TAG = /^\w[\w.-]{0,127}$/;

/** A text that is no image reference. `reason` is worded as containers/image words it. */
export class InvalidReference extends Failure {
  readonly reason: string;

  constructor(text: string, reason: string) {
    super(
      `image reference ${quote(text)}: ${reason}; write it as HOST[:PORT]/REPOSITORY[:TAG][@DIGEST]`,
    );
    this.name = 'InvalidReference';
    this.reason = reason;
  }
}

/** An image reference in its parts; `domain` is empty only where the text names no registry host. */
export class ImageReference {
  readonly domain: string;
  readonly path: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;

  constructor(domain: string, path: string, tag?: string, digest?: string) {
    this.domain = domain;
    this.path = path;
    this.tag = tag;
    this.digest = digest;
  }

  /** The repository with its registry host, without tag and digest. */
  get name(): string {
    return this.domain === '' ? this.path : `${this.domain}/${this.path}`;
  }

  toString(): string {
    const tag = this.tag === undefined ? '' : `:${this.tag}`;
    const digest = this.digest === undefined ? '' : `@${this.digest}`;
    return this.name + tag + digest;
  }
}

/**
 * Parses an image as people write it and gives its normal form: `nginx` is
 * `docker.io/library/nginx`, `index.docker.io` is `docker.io`. The rule is docker/reference's
 * ParseNormalizedNamed (containers/image). Throws InvalidReference.
 */
export function parseReference(text: string): ImageReference {
  if (text.length === IMAGE_ID_LENGTH && IMAGE_ID.test(text)) {
    throw new InvalidReference(
      text,
      `invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`,
    );
  }
  const { domain, remainder } = splitHost(text);
  const [repository = ''] = remainder.split(':', 1);
  if (repository.toLowerCase() !== repository) {
    throw new InvalidReference(text, 'invalid reference format: repository name must be lowercase');
  }
  return parseLiteralReference(`${domain}/${remainder}`, text);
}

/** Parses a reference that must be in its normal form already (docker/reference's ParseNamed). Throws InvalidReference. */
export function parseCanonicalReference(text: string): ImageReference {
  const reference = parseReference(text);
  if (reference.toString() === text) return reference;
  throw new InvalidReference(text, 'repository name must be canonical');
}

/**
 * Parses a reference without adding a host or `library/` (docker/reference's Parse): of `a/b`, `a`
 * is the domain. `shown` is the text that an error names. Throws InvalidReference.
 */
export function parseLiteralReference(text: string, shown: string = text): ImageReference {
  const reference = split(text);
  if (reference === undefined) throw new InvalidReference(shown, formatProblem(text));
  if (reference.name.length > LONGEST_NAME) {
    throw new InvalidReference(
      shown,
      `repository name must not be more than ${LONGEST_NAME} characters`,
    );
  }
  const problem = reference.digest === undefined ? undefined : digestProblem(reference.digest);
  if (problem !== undefined) throw new InvalidReference(shown, problem);
  return reference;
}

function splitHost(text: string): { domain: string; remainder: string } {
  const slash = text.indexOf('/');
  const first = slash === -1 ? '' : text.slice(0, slash);
  const hasHost = first === 'localhost' || first.includes('.') || first.includes(':');
  const domain = hasHost ? hubHostOf(first) : DOCKER_HUB;
  const remainder = hasHost ? text.slice(slash + 1) : text;
  const isOfficial = domain === DOCKER_HUB && !remainder.includes('/');
  return { domain, remainder: isOfficial ? `library/${remainder}` : remainder };
}

/** Splits by the separators: a host's port comes before the last slash, a tag after it. */
function split(text: string): ImageReference | undefined {
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const named = at === -1 ? text : text.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  const { domain, path } = splitDomain(colon === -1 ? named : named.slice(0, colon));
  if (!isRepositoryPath(path)) return undefined;
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  if (digest !== undefined && !hasDigestForm(digest)) return undefined;
  return new ImageReference(domain, path, tag, digest);
}

function splitDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  if (!isRegistryHost(first)) return { domain: '', path: name };
  return { domain: first, path: name.slice(slash + 1) };
}

function formatProblem(text: string): string {
  if (text === '') return 'repository name must have at least one component';
  const isCaseOnly = split(text.toLowerCase()) !== undefined;
  return isCaseOnly ? 'repository name must be lowercase' : 'invalid reference format';
}
