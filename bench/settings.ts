import type { Baseline } from './mirror-programs.ts';

const DEFAULT_RUNS = 40;

/** The plugins that are measured, by the names that PROVIDER knows. */
const PROVIDERS = ['mirror', 'file'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** What the caller of `make bench` may set. */
export interface Settings {
  /** Where the build is. */
  readonly buildDirectory: string;
  /** How often each program runs in a row of the quickest; the others run less. */
  readonly runs: number;
  /** Where the figures go as JSON. */
  readonly jsonFile?: string;
  readonly providers: readonly Provider[];
  readonly baseline?: Baseline;
  /** Another generic-credential-provider: it takes --credroot DIR, and answers from DIR/HOST.json. */
  readonly genericBaseline?: string;
}

/** Reads the settings. Throws an Error that names the variable. */
export function settingsFrom(environment: NodeJS.ProcessEnv, buildDirectory: string): Settings {
  const runs = Number(environment['RUNS'] || DEFAULT_RUNS);
  if (!Number.isInteger(runs) || runs < 1) throw new Error('RUNS must be a number from 1');
  const jsonFile = environment['BENCH_JSON'] || undefined;
  const baseline = baselineFrom(environment);
  const genericBaseline = environment['BASELINE_GENERIC'] || undefined;
  return {
    buildDirectory,
    runs,
    providers: providersFrom(environment['PROVIDER'] || undefined),
    ...(jsonFile === undefined ? {} : { jsonFile }),
    ...(baseline === undefined ? {} : { baseline }),
    ...(genericBaseline === undefined ? {} : { genericBaseline }),
  };
}

function providersFrom(text: string | undefined): readonly Provider[] {
  const chosen = PROVIDERS.filter((one) => text === undefined || one === text);
  if (chosen.length > 0) return chosen;
  throw new Error(`PROVIDER must be one of ${PROVIDERS.join(', ')}; without it, all are measured`);
}

function baselineFrom(environment: NodeJS.ProcessEnv): Baseline | undefined {
  const executable = environment['BASELINE'];
  const registriesConf = environment['BASELINE_CONF'];
  const kubernetesConfigDir = environment['BASELINE_K8S'];
  if (!executable) return undefined;
  if (!registriesConf && !kubernetesConfigDir) return { executable };
  if (registriesConf && kubernetesConfigDir) {
    return { executable, paths: { registriesConf, kubernetesConfigDir } };
  }
  throw new Error(
    'BASELINE_CONF and BASELINE_K8S go together: the registries.conf that BASELINE reads, and its directory ' +
      'of apiserver-url.env; both are written',
  );
}
