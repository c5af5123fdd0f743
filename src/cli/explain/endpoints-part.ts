import { lookupKeys } from '../../authfile/merge.ts';
import type { AssessedSecret, Candidate } from '../../credentials/choose.ts';
import { type TargetVerdict, verdictFor } from '../../credentials/for-target.ts';
import { type Target, targetOf } from '../../credentials/match.ts';
import type { NearMiss } from '../../credentials/near-miss.ts';
import { plain } from '../../diagnostics/plain.ts';
import type { ImageReference } from '../../image/reference.ts';
import type { MirrorPlan, PlannedEndpoint } from '../../providers/mirror-plan.ts';
import { allows } from '../../registries/endpoints.ts';
import type { ChosenPart, EndpointPart, NotChosenPart, Stop } from './explanation.ts';

/**
 * The endpoints of a pull as CRI-O tries them, each with its credential and the reason of every other one.
 * `reference` is the image with its tag or digest; undefined where only its name is known.
 */
export function endpointParts(
  plan: MirrorPlan,
  name: string,
  reference: ImageReference | undefined,
): EndpointPart[] {
  const suffix = (reference?.toString() ?? name).slice(name.length);
  return plan.endpoints.map((endpoint, index) => {
    const { kind, location, insecure } = endpoint;
    return {
      kind,
      location,
      insecure,
      reference: endpoint.reference + suffix,
      stop: stopOf(plan, index, reference),
      isDecided: plan.choice !== undefined,
      credential: chosenPart(plan, endpoint),
      notChosen: notChosen(plan, endpoint),
    };
  });
}

function stopOf(
  { registry, endpoints }: MirrorPlan,
  index: number,
  reference: ImageReference | undefined,
): Stop | undefined {
  if (registry?.blocked) return { kind: 'blocked', text: 'blocked by the entry' };
  const broken = endpoints.find(({ problem }) => problem !== undefined);
  if (broken !== undefined) {
    const text =
      broken === endpoints[index]
        ? `cannot be rewritten: ${broken.problem}`
        : `not asked, because ${plain(broken.location)} cannot be rewritten`;
    return { kind: 'not-rewritable', text };
  }
  const mirror = registry?.mirrors[index];
  if (registry === undefined || mirror === undefined || reference === undefined) return undefined;
  const isDigestPull = reference.digest !== undefined;
  if (allows(registry, mirror, isDigestPull)) return undefined;
  const others = isDigestPull ? 'tag' : 'digest';
  return { kind: 'not-for-this-pull', text: `not asked: it is for pulls by ${others} only` };
}

function chosenPart(
  { global }: MirrorPlan,
  { credential }: PlannedEndpoint,
): ChosenPart | undefined {
  if (credential === undefined) return undefined;
  const { key, username, origin } = credential;
  return origin.kind === 'secret'
    ? { writtenKey: key, username, secret: origin.secret, key: origin.secretKey }
    : { writtenKey: key, username, file: global?.path, key };
}

function notChosen(plan: MirrorPlan, endpoint: PlannedEndpoint): NotChosenPart[] {
  const target = targetOf(endpoint.reference);
  const all = [...fromSecrets(plan, endpoint, target), ...fromGlobalFile(plan, endpoint)];
  // What nearly fits is what people look for.
  return [...all.filter(({ isFar }) => !isFar), ...all.filter(({ isFar }) => isFar)];
}

function fromSecrets(plan: MirrorPlan, endpoint: PlannedEndpoint, target: Target): NotChosenPart[] {
  return (plan.choice?.secrets ?? []).flatMap((secret) =>
    secret.problem === undefined
      ? secret.candidates.flatMap((candidate) =>
          entryPart(plan, endpoint, { secret, candidate, target }),
        )
      : [{ secret: secret.name, reason: `not decodable: ${secret.problem}`, isFar: false }],
  );
}

interface Entry {
  readonly secret: AssessedSecret;
  readonly candidate: Candidate;
  readonly target: Target;
}

function entryPart(
  plan: MirrorPlan,
  endpoint: PlannedEndpoint,
  { secret, candidate, target }: Entry,
): NotChosenPart[] {
  if (plan.choice === undefined) return [];
  const entry = { secret: secret.name, candidate };
  const verdict = verdictFor(target, entry, plan.choice, endpoint.credential?.key);
  if (verdict.kind === 'chosen') return [];
  const { key, username } = candidate;
  const source = { secret: secret.name, key, username };
  return [{ ...source, ...reasonOf(verdict, plan, endpoint) }];
}

function reasonOf(
  verdict: Exclude<TargetVerdict, { kind: 'chosen' }>,
  plan: MirrorPlan,
  { location, credential }: PlannedEndpoint,
): Pick<NotChosenPart, 'reason' | 'write' | 'isFar'> {
  switch (verdict.kind) {
    case 'unusable':
      return { reason: `not decodable: it ${verdict.problem}`, isFar: false };
    case 'less-specific':
      return { reason: `less specific than ${usedText(plan, credential)}`, isFar: false };
    case 'overridden': {
      const by = `Secret ${plain(verdict.bySecret)}, key ${plain(verdict.byKey)}`;
      return { reason: `overridden by ${by}`, isFar: false };
    }
    case 'near-miss': {
      const { kind, text, write } = verdict.miss;
      return { reason: `${DIFFERENCES[kind]}: it ${text}`, write, isFar: false };
    }
    case 'other-target': {
      // What people write who think of the image, and not of where it comes from.
      const isForImage = verdict.references.includes(plan.image);
      return isForImage
        ? { reason: FOR_IMAGE, write: location, isFar: false }
        : { reason: 'other host: it is for another endpoint', isFar: true };
    }
    case 'other-registry':
      return { reason: 'other host', isFar: true };
  }
}

const DIFFERENCES: Readonly<Record<NearMiss['kind'], string>> = {
  blank: 'a blank',
  scheme: 'a scheme',
  'upper-case': 'upper case',
  port: 'another port',
  path: 'another path',
  alias: 'another alias',
  wildcard: 'other host',
  subdomain: 'other host',
  'typing-error': 'other host',
};

const FOR_IMAGE = 'other host: it is for the image’s own registry';

function usedText({ global }: MirrorPlan, used: PlannedEndpoint['credential']): string {
  if (used === undefined) return 'another';
  const { origin } = used;
  return origin.kind === 'secret'
    ? `${plain(origin.secretKey)} of Secret ${plain(origin.secret)}`
    : `${plain(used.key)} of ${plain(global?.path ?? '')}`;
}

/** The entries of the node's own file that would have been for this endpoint. */
function fromGlobalFile(plan: MirrorPlan, endpoint: PlannedEndpoint): NotChosenPart[] {
  const { global, choice } = plan;
  if (global === undefined) return [];
  const keys = lookupKeys(endpoint.reference);
  const unusable = [...global.unusable].filter(([key]) => keys.includes(key));
  const used = endpoint.credential;
  const others = global.keys.filter(
    (key) => keys.includes(key) && !(used?.origin.kind === 'global' && used.key === key),
  );
  return [
    ...unusable.map(([key, problem]) => ({
      file: global.path,
      key,
      reason: `not decodable: it ${problem}`,
      isFar: false,
    })),
    ...others.map((key) => ({
      file: global.path,
      key,
      reason: globalReason(key, plan, endpoint, choice?.chosen.get(key)?.secret),
      isFar: false,
    })),
  ];
}

function globalReason(
  key: string,
  plan: MirrorPlan,
  { credential }: PlannedEndpoint,
  secret: string | undefined,
): string {
  if (secret !== undefined) return `overridden by Secret ${plain(secret)}`;
  return plan.global?.leftOut.includes(key)
    ? 'global entry left out: it would go before the namespace’s own'
    : `less specific than ${usedText(plan, credential)}`;
}
