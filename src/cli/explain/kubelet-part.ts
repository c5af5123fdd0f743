import { accessSync, constants } from 'node:fs';
import { join } from 'node:path/posix';
import { plain } from '../../diagnostics/plain.ts';
import type { CredentialProvider } from '../../kubelet/credential-provider-config.ts';
import { matchImage } from '../../kubelet/match-images.ts';
import { nearestPattern } from '../../kubelet/pattern-miss.ts';
import type { ConfigRemark, ConfigVerdict, ProviderPlace } from '../../kubelet/read-config.ts';
import { MIRROR_PROVIDER } from '../../platform/overlay.ts';
import type { Finding, KubeletPart, PatternPlace } from './explanation.ts';
import { bad, good, note, placeText } from './findings.ts';
import type { KubeletFacts } from './kubelet-facts.ts';

/** What decides beside the configuration whether the kubelet calls the plugin. */
export interface PluginCall {
  /** As the kubelet sends it. */
  readonly image: string;
  /** The service account's; undefined where they are not known. */
  readonly annotations?: ReadonlyMap<string, string> | undefined;
  /** Why the plugin refuses the arguments that it is given. */
  readonly argumentProblem?: string | undefined;
}

const MOST_PROBLEMS = 3;

/** Says whether the kubelet calls the plugin for an image, by which pattern, or why not. */
export function kubeletPart(facts: KubeletFacts, call: PluginCall): KubeletPart {
  const { config, plugin } = facts;
  if (config === undefined) return withoutConfig(facts);
  const part = { config: config.path };
  if (!config.verdict.ok) {
    return { ...part, callsPlugin: false, findings: refusals(config.path, config.verdict) };
  }
  if (plugin === undefined) {
    const names = config.verdict.config.providers.map(({ name }) => plain(name)).join(', ');
    const text = `${plain(config.path)} names no ${MIRROR_PROVIDER}, only ${names}`;
    return { ...part, callsPlugin: false, findings: [bad(text)] };
  }
  const pattern = patternFor(plugin.provider, plugin.place, call.image);
  const obstacles = [
    ...executableObstacles(facts.binDir),
    ...entryObstacles(plugin.provider, call),
    ...patternObstacles(pattern, plugin.provider, call.image),
  ];
  const found = obstacles.length === 0 ? [good(callText(pattern, call.image))] : obstacles;
  return { ...part, callsPlugin: obstacles.length === 0, pattern, findings: found };
}

function withoutConfig({ absence, pid }: KubeletFacts): KubeletPart {
  if (absence === 'no-flag') {
    const text = `the kubelet (process ${pid}) runs without --image-credential-provider-config and calls no plugin`;
    return { callsPlugin: false, findings: [bad(text)] };
  }
  const why =
    absence === 'several-kubelets'
      ? 'several kubelets run here'
      : 'no kubelet is seen running here';
  const text = `not known whether it calls the plugin: ${why}; give --credential-provider-config FILE`;
  return { findings: [note(text)] };
}

function refusals(path: string, verdict: Exclude<ConfigVerdict, { ok: true }>): Finding[] {
  const { problems, error } = verdict;
  const texts = problems.length === 0 ? [error] : problems.slice(0, MOST_PROBLEMS).map(remarkText);
  return [bad(`the kubelet refuses ${plain(path)} and does not start`), ...texts.map(bad)];
}

function remarkText({ file, position, message }: ConfigRemark): string {
  return `${placeText(file, position.line)}: ${message}`;
}

function patternFor(
  { matchImages }: CredentialProvider,
  place: ProviderPlace,
  image: string,
): PatternPlace | undefined {
  const index = matchImages.findIndex((pattern) => matchImage(pattern, image).matched);
  const nearest = index === -1 ? nearestPattern(matchImages, image) : undefined;
  const at = nearest?.index ?? index;
  const pattern = matchImages[at];
  const line = place.matchImages[at]?.line;
  if (pattern === undefined || line === undefined) return undefined;
  return { pattern, file: place.file, line, miss: nearest?.reason };
}

function patternObstacles(
  pattern: PatternPlace | undefined,
  { matchImages }: CredentialProvider,
  image: string,
): Finding[] {
  if (pattern?.miss === undefined) return [];
  const { length } = matchImages;
  const count = length === 1 ? 'its one pattern' : `none of its ${length} patterns`;
  const verb = length === 1 ? 'does not cover' : 'covers';
  return [
    bad(`does not call ${MIRROR_PROVIDER}: ${count} ${verb} ${plain(image)}`),
    bad(`nearest is ${patternText(pattern)}: it ${pattern.miss}`),
  ];
}

function executableObstacles(binDir: string | undefined): Finding[] {
  if (binDir === undefined) return [];
  try {
    accessSync(join(binDir, MIRROR_PROVIDER), constants.X_OK);
    return [];
  } catch {
    const text = `${plain(join(binDir, MIRROR_PROVIDER))} is no executable: the kubelet does not start without it`;
    return [bad(text)];
  }
}

function entryObstacles({ tokenAttributes }: CredentialProvider, call: PluginCall): Finding[] {
  const { annotations, argumentProblem } = call;
  const required = tokenAttributes?.requiredServiceAccountAnnotationKeys ?? [];
  const missing = annotations === undefined ? [] : required.filter((key) => !annotations.has(key));
  return [
    ...(argumentProblem === undefined
      ? []
      : [bad(`the plugin refuses its args: ${argumentProblem}`)]),
    ...(tokenAttributes === undefined
      ? [bad('its entry has no tokenAttributes: the plugin gets no token and does nothing')]
      : []),
    ...missing.map((key) =>
      bad(`the service account lacks the annotation ${plain(key)}, which the entry requires`),
    ),
  ];
}

function callText(pattern: PatternPlace | undefined, image: string): string {
  const by = pattern === undefined ? '' : `: ${patternText(pattern)} covers ${plain(image)}`;
  return `calls ${MIRROR_PROVIDER}${by}`;
}

function patternText({ pattern, file, line }: PatternPlace): string {
  return `the pattern ${plain(pattern)} (${placeText(file, line)})`;
}
