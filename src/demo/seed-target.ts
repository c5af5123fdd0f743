import { UsageError } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { type ImageReference, InvalidReference, parseReference } from '../image/reference.ts';

/** Where in a registry an image belongs that stands for another registry's. */
export interface SeedTarget {
  readonly repository: string;
  readonly tag: string;
}

/**
 * The place of an image in a mirror: its path without its registry, `latest` where no tag is given.
 * @throws UsageError for what is no image, or one with a digest, which a new image cannot promise
 */
export function seedTargetOf(image: string): SeedTarget {
  const { path, tag = 'latest', digest } = parse(image);
  if (digest === undefined) return { repository: path, tag };
  throw new UsageError(`--seed ${quote(image)}: expected an image with a tag, not with a digest`);
}

function parse(image: string): ImageReference {
  try {
    return parseReference(image);
  } catch (error) {
    throw error instanceof InvalidReference ? new UsageError(`--seed: ${error.message}`) : error;
  }
}
