import { plain } from '../../diagnostics/plain.ts';
import { isAllowed, serviceAccountSubject } from '../../kubernetes/access-reviews.ts';
import type { ApiClient } from '../../kubernetes/client.ts';
import { isDnsSubdomain } from '../../kubernetes/names.ts';
import { annotatedNames, PULL_SECRETS_ANNOTATION } from '../../providers/pull-secrets.ts';
import type { Verdict } from './check.ts';
import type { TenantAccount } from './tenant-accounts.ts';

/** By which rights the plugin, with a pod's token, reads pull secrets; or which ones it lacks. */
export interface SecretAccess {
  readonly verdict: Verdict;
  /** What may be done, or may not: `may list Secrets`. */
  readonly text: string;
  /** The Secrets that the rights should be limited to; none for all of the namespace. */
  readonly secrets: readonly string[];
}

/** As many as the plugin reads. */
const MOST_NAMES = 32;
const MOST_SHOWN = 5;

/** Asks for a service account's rights, in the plugin's order: by annotation, by list, by imagePullSecrets. */
export async function secretAccess(
  client: ApiClient,
  namespace: string,
  { name, account }: TenantAccount,
  passesAnnotation: boolean,
): Promise<SecretAccess> {
  const subject = serviceAccountSubject(namespace, name);
  const may: May = (verb, resource, object) =>
    isAllowed(client, subject, { verb, resource, namespace, name: object });
  const annotation = account?.annotations.get(PULL_SECRETS_ANNOTATION);
  if (annotation !== undefined && passesAnnotation) {
    return accessByName('its annotation names', annotatedNames(annotation), may);
  }
  if (await may('list', 'secrets')) return { verdict: 'ok', text: 'may list Secrets', secrets: [] };
  const secrets = (account?.imagePullSecrets ?? []).filter(isDnsSubdomain);
  if (!(await may('get', 'serviceaccounts', name))) {
    return { verdict: 'broken', text: 'may neither list Secrets nor get itself', secrets };
  }
  if (account === undefined) return UNSEEN;
  return accessByName('its imagePullSecrets name', secrets, may);
}

const UNSEEN: SecretAccess = {
  verdict: 'unknown',
  text: 'may get itself and not list Secrets, and its imagePullSecrets cannot be seen',
  secrets: [],
};

/** So its pods go without credentials of the namespace, as it may be meant. */
const NOTHING_TO_READ: SecretAccess = { verdict: 'ok', text: 'names no Secret', secrets: [] };

type May = (verb: string, resource: string, object?: string) => Promise<boolean>;

/** The plugin passes over Secrets that it may not get, as long as it gets one. */
async function accessByName(
  whose: string,
  listed: readonly string[],
  may: May,
): Promise<SecretAccess> {
  const secrets = listed.filter(isDnsSubdomain).slice(0, MOST_NAMES);
  if (secrets.length === 0) return NOTHING_TO_READ;
  const allowed = await Promise.all(secrets.map((name) => may('get', 'secrets', name)));
  const refused = secrets.filter((_, index) => !allowed[index]);
  if (refused.length === 0)
    return { verdict: 'ok', text: `may get the Secrets that ${whose}`, secrets };
  const shown = refused.slice(0, MOST_SHOWN).map(plain).join(', ');
  const more = refused.length > MOST_SHOWN ? ` and ${refused.length - MOST_SHOWN} more` : '';
  const verdict = refused.length < secrets.length ? 'warning' : 'broken';
  return { verdict, text: `may not get ${shown}${more}, which ${whose}`, secrets };
}
