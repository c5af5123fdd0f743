import { type ConfFile, parseRegistriesConf } from '../../registries/conf-file.ts';
import { RegistriesConfError } from '../../registries/errors.ts';
import { keyPositions } from '../../registries/second-parser.ts';
import { errorIn, type Finding, warningIn } from './finding.ts';
import { isPublicHost } from './public-host.ts';

/** A file that was read, and its findings; `conf` is undefined where containers/image refuses it. */
export interface LintedRegistriesConf {
  readonly conf: ConfFile | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Checks one registries.conf or drop-in as containers/image does, and warns of what makes credentials
 * travel unprotected and of entries that do not count.
 */
export function lintRegistriesConf(file: string, bytes: Uint8Array): LintedRegistriesConf {
  try {
    const conf = parseRegistriesConf(file, bytes);
    const at = keyPositions(new TextDecoder().decode(bytes));
    return { conf, findings: [...insecureFindings(conf, at), ...repeatedFindings(conf, at)] };
  } catch (error) {
    if (!(error instanceof RegistriesConfError)) throw error;
    const { line, column, errorClass, problem } = error;
    const position = line === undefined || column === undefined ? undefined : { line, column };
    return {
      conf: undefined,
      findings: [errorIn(file, { position, rule: errorClass, message: problem })],
    };
  }
}

type At = ReturnType<typeof keyPositions>;

function insecureFindings({ file, registries }: ConfFile, at: At): readonly Finding[] {
  return registries.flatMap((registry, index) => {
    const own = { location: registry.location || registry.prefix, insecure: registry.insecure };
    const endpoints = [own, ...registry.mirrors];
    return endpoints.flatMap(({ location, insecure }, endpoint) => {
      const host = location.split('/')[0] ?? '';
      if (!insecure || !isPublicHost(host)) return [];
      const within = endpoint === 0 ? [] : ['mirror', endpoint - 1];
      const position = at(['registry', index, ...within, 'insecure']);
      return [
        warningIn(file, { position, rule: 'insecure-public-host', message: insecureMessage(host) }),
      ];
    });
  });
}

function insecureMessage(host: string): string {
  return `insecure = true for ${host}: any certificate and plain HTTP will do there, and whoever is on the way reads the credentials; remove it`;
}

/** Of one prefix twice in one file, the first entry counts. */
function repeatedFindings({ file, registries }: ConfFile, at: At): readonly Finding[] {
  const first = new Map<string, number>();
  return registries.flatMap(({ prefix }, index) => {
    const earlier = first.get(prefix);
    if (earlier === undefined) {
      first.set(prefix, index);
      return [];
    }
    const line = at(['registry', earlier])?.line ?? '?';
    const message = `the registry ${prefix} stands in line ${line} already, and this entry is not used; merge the two`;
    const position = at(['registry', index]);
    return [warningIn(file, { position, rule: 'repeated-prefix', message })];
  });
}
