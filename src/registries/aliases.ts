import { quote } from '../diagnostics/quote.ts';
import {
  type ImageReference,
  InvalidReference,
  parseLiteralReference,
  parseReference,
} from '../image/reference.ts';
import { ConfProblem } from './errors.ts';
import type { TomlPath } from './toml-path.ts';

/**
 * Checks one line of `[aliases]`: a short name (no registry, tag or digest) for a repository with
 * its registry, or for `""`, which takes an alias back. Throws a ConfProblem.
 */
export function checkAlias(name: string, value: string, at: TomlPath): void {
  const shortName = untagged(`short name ${quote(name)}`, name, at);
  if (hasRegistry(shortName)) {
    throw invalid(`short name ${quote(name)} has a registry; write the repository alone`, at);
  }
  if (value === '') return;
  const what = `the image ${quote(value)} of the short name ${quote(name)}`;
  if (!hasRegistry(untagged(what, value, at))) {
    throw invalid(`${what} has no registry; write it as HOST/REPOSITORY`, at);
  }
  reasonOf(what, at, () => parseReference(value));
}

function hasRegistry({ domain }: ImageReference): boolean {
  return /[.:]/.test(domain) || domain === 'localhost';
}

function untagged(what: string, text: string, at: TomlPath): ImageReference {
  const reference = reasonOf(what, at, () => parseLiteralReference(text));
  if (reference.tag === undefined && reference.digest === undefined) return reference;
  throw invalid(`${what} has a tag or digest; leave it off`, at);
}

function reasonOf(what: string, at: TomlPath, parse: () => ImageReference): ImageReference {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InvalidReference)) throw error;
    throw invalid(`${what} is not valid: ${error.reason}; correct or remove it`, at);
  }
}

function invalid(message: string, at: TomlPath): ConfProblem {
  return new ConfProblem('invalid-alias', message, at);
}
