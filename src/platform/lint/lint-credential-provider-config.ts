import { plain } from '../../diagnostics/plain.ts';
import type { CredentialProvider } from '../../kubelet/credential-provider-config.ts';
import { formatDuration } from '../../kubelet/duration.ts';
import type { AcceptedConfig, ConfigVerdict, ProviderPlace } from '../../kubelet/read-config.ts';
import { MIRROR_PROVIDER } from '../overlay.ts';
import { overlaps } from '../scope.ts';
import { errorIn, type Finding, warningIn } from './finding.ts';

/** What is known of the node or cluster that a configuration is for. */
export interface ConfigSurroundings {
  /** Whether an executable of that name is in the plugin directory; undefined where that is unknown. */
  readonly hasExecutable?: (name: string) => boolean;
  /** Undefined where no cluster was asked. */
  readonly cluster?: AskedCluster;
}

/** A cluster, and what its API server accepts. */
export interface AskedCluster {
  readonly server: string;
  readonly audiences: readonly string[];
}

/**
 * Findings on a kubelet's credential provider configuration: its own refusals, and warnings of what it
 * accepts and hardly anybody means. `path` is what was read: a file or directory.
 */
export function lintCredentialProviderConfig(
  path: string,
  verdict: ConfigVerdict,
  surroundings: ConfigSurroundings,
): readonly Finding[] {
  if (verdict.ok) {
    const notes = verdict.notes.map(({ file, position, message }) =>
      warningIn(file, { position, rule: 'second-document', message }),
    );
    return [...notes, ...providerFindings(verdict, surroundings)];
  }
  const rule = verdict.stage === 'read' ? 'kubelet-decoding' : 'kubelet-validation';
  if (verdict.problems.length === 0) {
    return [errorIn(path, { position: undefined, rule, message: verdict.error })];
  }
  return verdict.problems.map(({ file, position, message }) =>
    errorIn(file, { position, rule, message }),
  );
}

function providerFindings(
  { config, places }: AcceptedConfig,
  surroundings: ConfigSurroundings,
): readonly Finding[] {
  return config.providers.flatMap((provider, index) => {
    const place = places[index];
    if (place === undefined) return [];
    return [
      ...patternFindings(provider, place),
      ...overlapFindings(provider, place, config.providers),
      ...durationFindings(provider, place),
      ...executableFindings(provider, place, surroundings),
      ...audienceFindings(provider, place, surroundings),
    ];
  });
}

function patternFindings(
  { matchImages }: CredentialProvider,
  { file, matchImages: positions }: ProviderPlace,
): readonly Finding[] {
  return matchImages.flatMap((pattern, index) => {
    const position = positions[index];
    const [host = '', ...path] = pattern.split('/');
    if (/[*?[]/.test(path.join('/'))) {
      const message = `${pattern} has a wildcard in its path, where the kubelet takes it for plain text; a path covers all that begin with it: write ${withoutGlob(pattern)}`;
      return [warningIn(file, { position, rule: 'glob-in-path', message })];
    }
    if (/^[*]$/.test(host)) {
      const message = `${pattern} covers only hosts of one label, such as localhost; write one * for each label: *.*`;
      return [warningIn(file, { position, rule: 'bare-wildcard', message })];
    }
    return [];
  });
}

function withoutGlob(pattern: string): string {
  return pattern.replace(/\/[^/]*[*?[].*$/, '');
}

/** Who has the platform's credential for an image gets nothing from the mirror provider's file. */
function overlapFindings(
  { name, matchImages }: CredentialProvider,
  { file, matchImages: positions }: ProviderPlace,
  providers: readonly CredentialProvider[],
): readonly Finding[] {
  if (name !== MIRROR_PROVIDER) return [];
  return matchImages.flatMap((pattern, index) => {
    const other = providers.find(
      (one) => one.name !== name && one.matchImages.some((their) => overlaps(their, pattern)),
    );
    if (other === undefined) return [];
    const position = positions[index];
    const message = `${pattern} overlaps an entry of ${other.name}, whose credentials go before those of a namespace; leave it out, or make it narrower`;
    return [warningIn(file, { position, rule: 'provider-overlap', message })];
  });
}

function durationFindings(
  { name, defaultCacheDuration: duration = 0n }: CredentialProvider,
  { file, entry }: ProviderPlace,
): readonly Finding[] {
  if (name !== MIRROR_PROVIDER || duration === 0n) return [];
  const message =
    `answers without a duration are kept for ${formatDuration(duration)}: with the original plugin a pod's ` +
    "second image from one registry then gets no auth file (Pullkey's own answers are never kept); write 0s";
  return [warningIn(file, { position: entry, rule: 'cache-duration', message })];
}

function executableFindings(
  { name }: CredentialProvider,
  { file, entry }: ProviderPlace,
  { hasExecutable }: ConfigSurroundings,
): readonly Finding[] {
  if (hasExecutable === undefined || hasExecutable(name)) return [];
  const message = `the plugin directory has no executable ${name}, so the kubelet will not start; install it there first`;
  return [warningIn(file, { position: entry, rule: 'missing-executable', message })];
}

function audienceFindings(
  { name, tokenAttributes }: CredentialProvider,
  { file, entry }: ProviderPlace,
  { cluster }: ConfigSurroundings,
): readonly Finding[] {
  const audience = tokenAttributes?.serviceAccountTokenAudience;
  if (name !== MIRROR_PROVIDER || audience === undefined || cluster === undefined) return [];
  if (cluster.audiences.includes(audience)) return [];
  const message = `serviceAccountTokenAudience is ${audience}, which the API server ${plain(cluster.server)} does not accept; write ${cluster.audiences.join(' or ')}`;
  return [warningIn(file, { position: entry, rule: 'audience', message })];
}
