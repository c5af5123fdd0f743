import { Option } from 'commander';
import { Failure, UsageError } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import {
  type MirrorEndpoint,
  type MirroredRegistry,
  registriesConf,
} from '../platform/registries-conf.ts';
import { mirrorProblem, prefixProblem } from '../platform/registry-scope.ts';
import { parseRegistriesConf } from '../registries/conf-file.ts';
import { repeatedValue } from './option-values.ts';

/** `--mirror PREFIX=LOCATION[,insecure][,digest-only|,tag-only]…`, once for all mirrors or for each. */
export function mirrorOption(): Option {
  return new Option(
    '--mirror <prefix=location...>',
    'mirrors of registries in order, each with ",insecure", ",digest-only" or ",tag-only" after it',
  )
    .argParser(repeatedValue)
    .default([], 'none');
}

/** `--insecure HOST[:PORT][/PATH]…`, for mirrors that another source names. */
export function insecureOption(): Option {
  return new Option(
    '--insecure <locations...>',
    "registries and mirrors without TLS verification, as in the insecureRegistries of a cluster's Image config",
  )
    .argParser((value: string, previous: readonly string[]) => {
      refuse('--insecure', value, prefixProblem(value));
      return repeatedValue(value, previous);
    })
    .default([], 'none');
}

function refuse(flag: string, value: string, problem: string | undefined): void {
  if (problem !== undefined) throw new UsageError(`${flag} ${quote(value)}: ${problem}`);
}

/** The registries of some `--mirror` values; mirrors of one prefix come together. Throws a UsageError. */
export function mirroredRegistries(specs: readonly string[]): readonly MirroredRegistry[] {
  const byPrefix = new Map<string, MirrorEndpoint[]>();
  for (const spec of specs) {
    const { prefix, mirror } = parseSpec(spec);
    byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), mirror]);
  }
  return Array.from(byPrefix, ([prefix, mirrors]) => ({ prefix, mirrors }));
}

function parseSpec(spec: string): { readonly prefix: string; readonly mirror: MirrorEndpoint } {
  const [, prefix, location, ...rest] = /^([^=]+)=([^,]+)((?:,[^,]*)*)$/.exec(spec) ?? [];
  if (prefix === undefined || location === undefined) {
    throw new UsageError(
      `--mirror ${quote(spec)} is not PREFIX=LOCATION, such as docker.io=mirror.example.com:5000`,
    );
  }
  refuse('--mirror', prefix, prefixProblem(prefix));
  refuse('--mirror', location, mirrorProblem(location));
  const words = (rest[0] ?? '').split(',').slice(1);
  return { prefix, mirror: words.reduce(withWord, { location }) };
}

function withWord(mirror: MirrorEndpoint, word: string): MirrorEndpoint {
  switch (word) {
    case 'insecure':
      return { ...mirror, insecure: true };
    case 'digest-only':
    case 'tag-only':
      return { ...mirror, pullFromMirror: word };
    default:
      throw new UsageError(
        `--mirror: ${quote(word)} is unknown; allowed are insecure, digest-only, tag-only`,
      );
  }
}

/** registries.conf(5) for the registries, read back by the rules of the library that CRI-O uses. Throws a Failure where it refuses a value. */
export function checkedRegistriesConf(registries: readonly MirroredRegistry[]): string {
  const text = registriesConf(registries);
  try {
    parseRegistriesConf('registries.conf', Buffer.from(text));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(`a mirror cannot be written: ${error.message}`, { cause: error });
  }
  return text;
}
