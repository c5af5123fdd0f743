import { UsageError } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { isRepository, isTag } from '../distribution/names.ts';

/** Where in a registry an image belongs that stands for another registry's. */
export interface SeedTarget {
  readonly repository: string;
  readonly tag: string;
}

/**
 * The place of an image in a mirror: its path without its registry, `library/` added for Docker Hub's
 * own, `latest` where no tag is given. @throws UsageError for what is no image with a tag
 */
export function seedTargetOf(image: string): SeedTarget {
  const steps = image.split('/');
  const [first = ''] = steps;
  const hasRegistry = steps.length > 1 && /[.:]|^localhost$/.test(first);
  const path = hasRegistry ? steps.slice(1).join('/') : image;
  const [name = '', tag = 'latest', ...rest] = path.split(':');
  const isOfficial = !name.includes('/') && (!hasRegistry || first === 'docker.io');
  const repository = isOfficial ? `library/${name}` : name;
  if (isRepository(repository) && isTag(tag) && rest.length === 0) return { repository, tag };
  throw new UsageError(
    `--seed ${quote(image)} is no image: expected [REGISTRY/]NAME[:TAG], without a digest`,
  );
}
