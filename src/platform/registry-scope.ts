import { InvalidReference, parseCanonicalReference } from '../image/reference.ts';
import { isRegistryHost } from '../image/registry-host.ts';

const FORM = 'it is no HOST[:PORT][/PATH] without scheme, such as mirror.example.com:5000';

/**
 * Why nothing could be pulled from a mirror of this location; undefined where it can. An image's name with
 * the location in place of its registry must be in normal form, or containers/image refuses it.
 */
export function mirrorProblem(location: string): string | undefined {
  try {
    parseCanonicalReference(`${location}/team/app`);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidReference) return FORM;
    throw error;
  }
}

/** Why no image could have this prefix, which may also be `*.` and a host; undefined where some can. */
export function prefixProblem(prefix: string): string | undefined {
  if (!prefix.startsWith('*.')) return mirrorProblem(prefix);
  const host = prefix.slice('*.'.length);
  if (isRegistryHost(host) && !host.includes(':')) return undefined;
  return 'after "*." only a host may stand, such as *.example.com';
}
