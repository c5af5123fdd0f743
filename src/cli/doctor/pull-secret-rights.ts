import { plain } from '../../diagnostics/plain.ts';
import { PULL_SECRETS_ANNOTATION } from '../../providers/pull-secrets.ts';
import { AS_ADMINISTRATOR, asViewer } from './as-viewer.ts';
import { broken, type Check, type Outcome, type Outcomes, ok, unknown, warning } from './check.ts';
import { applied } from './cluster-remedies.ts';
import type { ClusterWorld } from './cluster-world.ts';
import { installCommand } from './remedies.ts';
import { type SecretAccess, secretAccess } from './secret-access.ts';
import type { TenantAccount } from './tenant-accounts.ts';
import type { Viewer } from './viewer.ts';

/** Whether the service accounts of the tenant may read the pull secrets, as the plugin does with their tokens. */
export const pullSecretRights: Check<ClusterWorld> = {
  id: 'pull-secret-rights',
  look: (world) => {
    const { namespace } = world;
    if (namespace === undefined) return [];
    return asViewer(world, (viewer) => look(world, viewer, namespace));
  },
};

interface Judged extends TenantAccount {
  readonly access: SecretAccess;
}

async function look(world: ClusterWorld, viewer: Viewer, namespace: string): Promise<Outcomes> {
  const accounts = await world.accounts();
  if (accounts.length === 0) return noNamespace(world, viewer, namespace);
  const passes = passesAnnotation(world);
  const judged = await Promise.all(
    accounts.map(async (account) => ({
      ...account,
      access: await secretAccess(viewer.client, namespace, account, passes),
    })),
  );
  return [
    ...granted(judged, namespace),
    ...judged
      .filter(({ access }) => access.verdict !== 'ok')
      .map((one) => refused(one, { world, viewer, namespace })),
    ...(passes ? [] : notPassed(judged, world, namespace)),
  ];
}

/** A sentence for all that have the same rights. */
function granted(judged: readonly Judged[], namespace: string): Outcome[] {
  const good = judged.filter(({ access }) => access.verdict === 'ok');
  const byText = Map.groupBy(good, ({ access }) => access.text);
  return Array.from(byText, ([text, accounts]) => {
    const names = accounts.map(({ name }) => name).join(', ');
    return ok(`service account ${names} of ${namespace} ${text}`);
  });
}

interface Place {
  readonly world: ClusterWorld;
  readonly viewer: Viewer;
  readonly namespace: string;
}

function refused({ name, isUsed, access }: Judged, { world, viewer, namespace }: Place): Outcome {
  const secrets = access.secrets.map((secret) => ` --secret ${secret}`);
  const line = `rbac --namespace ${namespace} --service-account ${name}${secrets.join('')}`;
  const remedy = applied(line, world, viewer);
  const text = `service account ${name} of ${namespace} ${access.text}`;
  if (access.verdict === 'unknown') return unknown(text, AS_ADMINISTRATOR);
  if (access.verdict === 'warning') return warning(text, remedy);
  if (isUsed) return broken(`${text}, so its pods pull without credentials`, remedy);
  return warning(`${text}; no pod has it now`, remedy);
}

function noNamespace(world: ClusterWorld, viewer: Viewer, namespace: string): Outcome {
  const remedy = applied(`manifests --namespace ${namespace}`, world, viewer);
  return broken(`there is no namespace ${namespace}, or it has no service account`, remedy);
}

/** The kubelet passes on what the entry lists; an entry that nobody knows here is taken for a good one. */
function passesAnnotation({ entry }: ClusterWorld): boolean {
  const attributes = entry?.provider.tokenAttributes;
  if (attributes === undefined) return true;
  return [
    ...(attributes.requiredServiceAccountAnnotationKeys ?? []),
    ...(attributes.optionalServiceAccountAnnotationKeys ?? []),
  ].includes(PULL_SECRETS_ANNOTATION);
}

function notPassed(
  judged: readonly Judged[],
  { node, entry }: ClusterWorld,
  namespace: string,
): Outcome[] {
  const names = judged
    .filter(({ account }) => account?.annotations.has(PULL_SECRETS_ANNOTATION))
    .map(({ name }) => name);
  if (names.length === 0) return [];
  const file = plain(entry?.file ?? '');
  const text = `the annotation ${PULL_SECRETS_ANNOTATION} of ${names.join(', ')} in ${namespace} has no effect, since ${file} does not list it`;
  const change = `add it to optionalServiceAccountAnnotationKeys of crio-credential-provider in ${file}`;
  const isOurs = node !== undefined && node.kind !== 'openshift';
  return [warning(text, isOurs ? { command: `${installCommand(node)} --restart` } : { change })];
}
