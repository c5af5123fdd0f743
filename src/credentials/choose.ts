import { filter, map } from '../diagnostics/lists.ts';
import { hubHostOf } from '../image/docker-hub.ts';
import type { Credential } from './credential.ts';
import { isWildcard, keyMatches, type Target } from './match.ts';
import type { PullSecret, PullSecretEntry } from './pull-secret.ts';
import { parseRegistryKey, type RegistryKey } from './registry-key.ts';

/** One entry of a pull secret, and what became of it. */
export interface Candidate {
  /** The key as it stands in the Secret. */
  readonly key: string;
  readonly registryKey: RegistryKey;
  readonly username?: string;
  /** The targets that its key is for. */
  readonly matches: readonly Target[];
  readonly verdict: Verdict;
}

export type Verdict =
  | { readonly kind: 'used' }
  | { readonly kind: 'unusable'; readonly problem: string }
  | { readonly kind: 'other-registry' }
  | { readonly kind: 'hidden'; readonly bySecret: string; readonly byKey: string };

/** A credential under the key that containers/image looks up. */
export interface ChosenCredential {
  readonly key: string;
  readonly secret: string;
  readonly secretKey: string;
  readonly credential: Credential;
}

export interface Choice {
  /** By the key to write, in no particular order. */
  readonly chosen: ReadonlyMap<string, ChosenCredential>;
  /** Every Secret in list order, with a verdict on each of its entries. */
  readonly secrets: readonly AssessedSecret[];
}

export interface AssessedSecret {
  readonly name: string;
  /** Why the Secret as a whole gives nothing. */
  readonly problem?: string;
  readonly candidates: readonly Candidate[];
}

interface Contender {
  readonly entry: PullSecretEntry;
  readonly credential: Credential;
  readonly registryKey: RegistryKey;
  /** Position of the Secret in list order, and of the entry in its Secret. */
  readonly order: readonly [number, number];
}

/**
 * Decides which credentials of a namespace's pull secrets belong into the auth file for the given
 * targets, and says of every entry why or why not. Of entries for one written key a concrete one goes
 * before a wildcard, a longer wildcard before a shorter one, then the later Secret wins, and inside one
 * Secret the normal form before an alias and the last entry.
 */
export function chooseCredentials(
  secrets: readonly PullSecret[],
  targets: readonly Target[],
): Choice {
  const winners = new Map<string, Contender>();
  const assessed = map(secrets, (secret, secretIndex) =>
    map(secret.entries, (entry, entryIndex) => assess(entry, [secretIndex, entryIndex], targets)),
  );
  for (const candidates of assessed) {
    for (const { contender, matches } of candidates) {
      if (contender !== undefined) compete(contender, matches, winners);
    }
  }
  return {
    chosen: new Map(map(winners, ([key, winner]) => [key, chosenFrom(key, winner)])),
    secrets: map(secrets, ({ name, problem }, index) => ({
      name,
      ...(problem === undefined ? {} : { problem }),
      candidates: map(assessed[index] ?? [], (one) => candidateFrom(one, winners)),
    })),
  };
}

function compete(
  contender: Contender,
  targets: readonly Target[],
  winners: Map<string, Contender>,
): void {
  for (const target of targets) {
    const key = writtenKey(contender.registryKey, target);
    const holder = winners.get(key);
    if (holder === undefined || goesBefore(contender, holder)) winners.set(key, contender);
  }
}

interface Assessed {
  readonly entry: PullSecretEntry;
  readonly registryKey: RegistryKey;
  readonly matches: readonly Target[];
  readonly contender?: Contender;
}

function assess(
  entry: PullSecretEntry,
  order: readonly [number, number],
  targets: readonly Target[],
): Assessed {
  const registryKey = parseRegistryKey(entry.key);
  const matches = filter(targets, (target) => keyMatches(registryKey, target));
  const { credential } = entry;
  if (matches.length === 0 || 'problem' in credential) return { entry, registryKey, matches };
  return { entry, registryKey, matches, contender: { entry, credential, registryKey, order } };
}

/** The host as the target spells it: containers/image compares keys as text. */
export function writtenKey(key: RegistryKey, target: Target): string {
  return [hubHostOf(target.host), ...key.path].join('/');
}

function goesBefore(one: Contender, other: Contender): boolean {
  const difference =
    precision(one.registryKey) - precision(other.registryKey) ||
    one.order[0] - other.order[0] ||
    Number(one.registryKey.isNormal) - Number(other.registryKey.isNormal) ||
    one.order[1] - other.order[1];
  return difference > 0;
}

/** Concrete hosts before all wildcards, longer wildcards before shorter ones. */
function precision(key: RegistryKey): number {
  return isWildcard(key.host) ? key.host.length : Number.MAX_SAFE_INTEGER;
}

function chosenFrom(key: string, { entry, credential }: Contender): ChosenCredential {
  return { key, secret: entry.secret, secretKey: entry.key, credential };
}

function candidateFrom(one: Assessed, winners: ReadonlyMap<string, Contender>): Candidate {
  const { entry, registryKey, matches } = one;
  const username = 'problem' in entry.credential ? undefined : entry.credential.username;
  return {
    key: entry.key,
    registryKey,
    ...(username === undefined ? {} : { username }),
    matches,
    verdict: verdictOn(one, winners),
  };
}

function verdictOn(
  { entry, registryKey, matches, contender }: Assessed,
  winners: ReadonlyMap<string, Contender>,
): Verdict {
  if ('problem' in entry.credential) {
    return { kind: 'unusable', problem: entry.credential.problem };
  }
  if (contender === undefined) return { kind: 'other-registry' };
  const holders = map(matches, (target) => winners.get(writtenKey(registryKey, target)));
  const [holder] = holders;
  if (holder === undefined || holders.includes(contender)) return { kind: 'used' };
  return { kind: 'hidden', bySecret: holder.entry.secret, byKey: holder.entry.key };
}
