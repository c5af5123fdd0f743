import type { CleanUp } from '../authfile/clean-up.ts';
import type { AssessedSecret, Candidate } from '../credentials/choose.ts';
import { filter, map, some, toArray } from '../diagnostics/lists.ts';
import type { LogLevel, LogLine } from '../diagnostics/log.ts';
import { plain } from '../diagnostics/plain.ts';
import { quote } from '../diagnostics/quote.ts';
import type { Applied } from './mirror.ts';
import type { MirrorOptions } from './mirror-options.ts';
import type { MirrorPlan, PlannedEndpoint } from './mirror-plan.ts';

/** With more Secrets than this, the lines about each are for debugging only. */
const MANY_SECRETS = 20;

/** Tenants write the Secrets; no more lines than this are about them, and more for debugging. */
const MOST_SECRET_LINES = 200;
const MOST_DEBUG_LINES = 10_000;

/**
 * The log of a plan: the sentences of the original program, so that people's searches keep working, and
 * lines of the same kind for what the original does not know. A plan that is not finished gives the first
 * of the lines that it gives later.
 */
export function planSentences(
  plan: MirrorPlan,
  { registriesConf, logLevel }: Pick<MirrorOptions, 'registriesConf' | 'logLevel'>,
): LogLine[] {
  if (plan.outcome === 'no-registries-conf') {
    return [
      info('Running credential provider'),
      info(`Registries conf path ${quote(registriesConf)} does not exist, stopping`),
    ];
  }
  return [
    info('Running credential provider'),
    info('Reading from stdin'),
    info(`Parsed credential provider request for image ${quote(plan.image)}`),
    info('Parsing namespace from request'),
    ...registrySentences(plan, registriesConf),
    ...apiSentences(plan),
    ...secretSentences(plan, logLevel === 'debug'),
    ...globalSentences(plan),
  ];
}

/** The log of what was done for a plan. */
export function appliedSentences(plan: MirrorPlan, { cleanUp, published }: Applied): LogLine[] {
  const lines: LogLine[] = [];
  const path = plan.authFilePath ?? '';
  if (cleanUp !== undefined && cleanUp.removed > 0) {
    lines.push(info(`Removed ${cleanUp.removed} auth file(s) that nobody used`));
  }
  if (cleanUp?.problem !== undefined) {
    const directory = quote(path.slice(0, path.lastIndexOf('/')));
    lines.push(
      warn(
        `Unable to remove every unused auth file in ${directory}: ${cleanUp.problem}; remove them by hand`,
      ),
    );
  }
  if (published !== undefined) {
    lines.push(
      info(`Wrote auth file to ${path} with ${plan.auths?.size ?? 0} number of entries`),
      info(`Auth file path: ${path}`),
    );
  }
  return lines;
}

/** The log of what was taken back, because the kubelet has not got the answer. */
export function takenBackSentences(plan: MirrorPlan, taken: CleanUp | undefined): LogLine[] {
  const path = plan.authFilePath ?? '';
  if (taken?.problem !== undefined) {
    return [
      warn(`Unable to remove the auth file ${quote(path)}: ${taken.problem}; remove it by hand`),
    ];
  }
  return taken?.removed === 1 ? [info(`Removed auth file ${path} again`)] : [];
}

function registrySentences(plan: MirrorPlan, registriesConf: string): LogLine[] {
  if (plan.outcome === 'no-token') {
    return [info('No service account token in the request, will not write any auth file')];
  }
  if (plan.identity === undefined) return [];
  const lines = [info(`Matching mirrors for registry config: ${registriesConf}`)];
  if (plan.outcome === 'no-mirror') {
    lines.push(info('No mirrors found, will not write any auth file'));
  } else if (plan.outcome === 'blocked') {
    const prefix = quote(plan.registry?.prefix ?? '');
    lines.push(info(`The registry ${prefix} is blocked, will not write any auth file`));
  } else if (plan.endpoints.length > 0) {
    const locations = map(mirrors(plan), (endpoint) => endpoint.location).join(', ');
    lines.push(info(`Got mirror(s) for ${quote(plan.image)}: ${quote(locations)}`));
  }
  for (const { location, problem } of plan.endpoints) {
    if (problem !== undefined) {
      lines.push(warn(`CRI-O cannot use ${quote(location)} for ${quote(plan.image)}: ${problem}`));
    }
  }
  return lines;
}

/** What the original calls mirrors; for a remap without any, its location. */
function mirrors({ endpoints }: MirrorPlan): readonly PlannedEndpoint[] {
  const found = filter(endpoints, (endpoint) => endpoint.kind === 'mirror');
  return found.length > 0 ? found : endpoints;
}

function apiSentences({ server, identity, secrets }: MirrorPlan): LogLine[] {
  if (identity === undefined || server === undefined) return [];
  const lines = [
    info(`Getting secrets from namespace: ${identity.namespace}`),
    info(
      server.from === 'default'
        ? `Unable to find env file ${quote(server.envFile)}, using default API server host: ${server.host}`
        : `Using API server host: ${server.host}`,
    ),
  ];
  if (server.certificateAuthority === undefined) {
    lines.push(
      warn('The certificate of the API server is not verified (--insecure-skip-tls-verify)'),
    );
  }
  if (secrets === undefined) return lines;
  if (secrets.source === 'service-account') {
    const account = quote(identity.serviceAccount ?? '');
    lines.push(
      info(
        `Listing secrets is forbidden, using the imagePullSecrets of service account ${account}`,
      ),
    );
  }
  lines.push(info(`Got ${secrets.secrets.length} secret(s)`));
  for (const { name, reason } of secrets.skipped) {
    lines.push(warn(`Skipping secret ${quote(name)}: ${reason}`));
  }
  return lines;
}

function secretSentences(plan: MirrorPlan, isDebug: boolean): LogLine[] {
  const { choice } = plan;
  if (choice === undefined) return [];
  const isMany = choice.secrets.length > MANY_SECRETS;
  const detail = isMany && !isDebug ? undefined : isMany ? 'debug' : 'info';
  const most = isDebug ? MOST_DEBUG_LINES : MOST_SECRET_LINES;
  const lines: LogLine[] = [];
  for (const secret of choice.secrets) {
    if (lines.length <= most) addSentences(lines, secret, plan, { detail, most });
  }
  if (lines.length > most) {
    lines.length = most;
    lines.push(warn(`Leaving out what more there is to say of ${choice.secrets.length} secret(s)`));
  }
  if (choice.chosen.size === 0) lines.push(info('No docker auth found for any available secret'));
  return lines;
}

interface Telling {
  /** The level of the lines about what matches; undefined where they are not told. */
  readonly detail: LogLevel | undefined;
  readonly most: number;
}

function addSentences(
  lines: LogLine[],
  { name, problem, candidates }: AssessedSecret,
  plan: MirrorPlan,
  { detail, most }: Telling,
): void {
  if (detail !== undefined) lines.push({ level: detail, text: `Parsing secret: ${plain(name)}` });
  if (problem !== undefined) lines.push(warn(`Skipping secret ${quote(name)}: ${problem}`));
  for (const candidate of candidates) {
    if (lines.length > most) return;
    if (detail !== undefined) lines.push(...matchSentences(name, candidate, plan, detail));
    lines.push(...verdictSentences(name, candidate));
  }
}

function matchSentences(
  secret: string,
  { key, registryKey, matches, verdict }: Candidate,
  plan: MirrorPlan,
  level: LogLevel,
): LogLine[] {
  const texts = [`Found docker config JSON auth in secret ${quote(secret)} for ${quote(key)}`];
  if (verdict.kind !== 'unusable') {
    const registry = quote([registryKey.host, ...registryKey.path].join('/'));
    for (const { reference, location } of mirrors(plan)) {
      if (texts.length > MOST_SECRET_LINES) break;
      texts.push(`Checking if mirror ${quote(location)} matches registry ${registry}`);
      if (some(matches, (target) => target.reference === reference)) {
        texts.push(`Using mirror auth ${quote(location)} for registry from secret ${registry}`);
        break;
      }
    }
    if (some(matches, (target) => target.reference === plan.image)) {
      texts.push(`Using auth for registry ${registry} matching image ${quote(plan.image)}`);
    }
  }
  return map(texts, (text) => ({ level, text }));
}

function verdictSentences(secret: string, { key, verdict }: Candidate): LogLine[] {
  switch (verdict.kind) {
    case 'unusable':
      return [
        warn(`Skipping entry ${quote(key)} of secret ${quote(secret)}: it ${verdict.problem}`),
      ];
    case 'hidden':
      return [
        info(
          `Entry ${quote(key)} of secret ${quote(secret)} is hidden by entry ${quote(verdict.byKey)} ` +
            `of secret ${quote(verdict.bySecret)}`,
        ),
      ];
    default:
      return [];
  }
}

function globalSentences({ global }: MirrorPlan): LogLine[] {
  if (global === undefined) return [];
  const file = quote(global.path);
  const unusable = toArray(global.unusable).slice(0, MOST_SECRET_LINES);
  const leftOut = global.leftOut.slice(0, MOST_SECRET_LINES);
  return [
    ...map(unusable, ([key, problem]) =>
      warn(`Skipping entry ${quote(key)} of global auth file ${file}: it ${problem}`),
    ),
    ...map(leftOut, (key) =>
      info(
        `Leaving out entry ${quote(key)} of global auth file ${file}: it would go before the namespace's`,
      ),
    ),
  ];
}

function info(text: string): LogLine {
  return { level: 'info', text };
}

function warn(text: string): LogLine {
  return { level: 'warn', text };
}
