import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';

/** A source to pull from, taken apart. */
export interface PullReference {
  readonly host: string;
  /** The path below the host. */
  readonly repository: string;
  /** Digest, or else tag; `latest` where neither is given. */
  readonly version: string;
}

/** Takes `HOST[:PORT]/PATH[:TAG][@DIGEST]` apart, without any normalisation. @throws Failure without a host */
export function readPullReference(reference: string): PullReference {
  const [named = '', digest] = reference.split('@');
  const slash = named.indexOf('/');
  if (slash < 1) throw new Failure(`${quote(reference)} names no registry: expected HOST/PATH`);
  const path = named.slice(slash + 1);
  const [repository = '', tag] = path.split(':');
  return { host: named.slice(0, slash), repository, version: digest ?? tag ?? 'latest' };
}
