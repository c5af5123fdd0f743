import type { PullSecret } from '../../credentials/pull-secret.ts';
import { plain } from '../../diagnostics/plain.ts';
import { keyringEntries } from '../../kubelet/keyring.ts';
import { matchImage } from '../../kubelet/match-images.ts';
import { MIRROR_PROVIDER } from '../../platform/overlay.ts';
import type { MirrorPlan, PlannedEndpoint } from '../../providers/mirror-plan.ts';
import type { Finding } from './explanation.ts';
import { note } from './findings.ts';
import type { ReadPullSecrets } from './kubelet-credentials.ts';
import type { KubeletFacts } from './kubelet-facts.ts';

/**
 * The credentials that the kubelet itself has for an image, and where they go before the auth file's: CRI-O
 * uses them for endpoints on the image's own host and port alone (containers/image, docker_image_src.go).
 */
export function precedencePart(
  plan: MirrorPlan,
  name: string,
  facts: KubeletFacts,
  pullSecrets: ReadPullSecrets | undefined,
): Finding[] {
  const own = [
    ...(pullSecrets === undefined ? [] : ofPullSecrets(pullSecrets, name)),
    ...ofNode(plan, name),
    ...ofOtherProviders(facts, name),
  ];
  return [
    ...own.map((credential) => note(`${credential} ${effect(plan, name)}`)),
    ...(pullSecrets === undefined ? [] : withoutEffect(pullSecrets, name)),
  ];
}

function effect({ endpoints }: MirrorPlan, name: string): string {
  const host = hostOf(name);
  const same = endpoints.filter(({ reference }) => hostOf(reference) === host);
  if (endpoints.length === 0) return 'is what CRI-O pulls with';
  return same.length === 0
    ? `changes nothing here: CRI-O uses it on ${plain(host)} alone, where no endpoint is`
    : `goes before the auth file’s at ${same.map(endpointText).join(' and ')}`;
}

function endpointText({ kind, location }: PlannedEndpoint): string {
  return `the ${kind} ${plain(location)}`;
}

function ofPullSecrets({ of, secrets }: ReadPullSecrets, name: string): string[] {
  return secrets.flatMap((secret) =>
    keysFor(secret, name).map(
      (key) => `${ownerText(of)} Secret ${plain(secret.name)}, key ${plain(key)},`,
    ),
  );
}

function ownerText(of: ReadPullSecrets['of']): string {
  return of === 'pod' ? 'the pod’s own' : 'the service account’s own';
}

/** The keys of a Secret that the kubelet uses for an image. */
function keysFor({ entries }: PullSecret, name: string): string[] {
  return keyring(
    entries.filter(({ credential }) => !('problem' in credential)).map(({ key }) => key),
    name,
  );
}

function keyring(keys: readonly string[], name: string): string[] {
  return keyringEntries(name, new Map(keys.map((key) => [key, key]))).map(({ value }) => value);
}

function ofNode({ global }: MirrorPlan, name: string): string[] {
  if (global === undefined) return [];
  return keyring(global.keys, name).map(
    (key) => `the node’s ${plain(global.path)}, key ${plain(key)},`,
  );
}

function ofOtherProviders({ config }: KubeletFacts, name: string): string[] {
  if (!config?.verdict.ok) return [];
  return config.verdict.config.providers
    .filter((provider) => provider.name !== MIRROR_PROVIDER)
    .flatMap((provider) => {
      const pattern = provider.matchImages.find((one) => matchImage(one, name).matched);
      if (pattern === undefined) return [];
      return [`what the provider ${plain(provider.name)} (pattern ${plain(pattern)}) gives`];
    });
}

function withoutEffect({ of, secrets, unread }: ReadPullSecrets, name: string): Finding[] {
  const idle = secrets.filter((secret) => keysFor(secret, name).length === 0);
  return [
    ...idle.map((secret) =>
      note(`${ownerText(of)} Secret ${plain(secret.name)} has nothing for ${plain(name)} itself`),
    ),
    ...unread.map((one) =>
      note(`${ownerText(of)} Secret ${plain(one.name)} is not known: ${one.reason}`),
    ),
  ];
}

function hostOf(reference: string): string {
  return reference.split('/', 1)[0] ?? '';
}
