import { plain } from '../../diagnostics/plain.ts';
import { shellWord } from '../../diagnostics/shell-word.ts';
import { isRuleNeeded } from './api-server-version.ts';
import { asViewer } from './as-viewer.ts';
import { broken, type Check, type Outcome, ok, type Remedy, unknown } from './check.ts';
import { applied } from './cluster-remedies.ts';
import type { ClusterWorld } from './cluster-world.ts';
import { type MayNode, nodeRights } from './node-rights.ts';
import { neededAudience } from './token-facts.ts';

/** Whether kubelets may ask for the pods' tokens, and read whose they are. */
export const nodeTokens: Check<ClusterWorld> = {
  id: 'node-tokens',
  look: (world) =>
    asViewer(world, async (viewer) => {
      const audience = neededAudience(await world.tokens());
      if (audience === undefined) return unknown('which audience nodes need is not known');
      const { version } = await world.answer();
      const isOld = isRuleNeeded(version) === true;
      const remedy = applied(rbacLine(audience, isOld ? version : undefined), world, viewer);
      const mayNode = await nodeRights(viewer);
      const tokens = await judgedTokens({ world, mayNode, audience, remedy });
      return isOld ? [tokens, await judgedReading(world, mayNode, remedy)] : tokens;
    }),
};

function rbacLine(audience: string, version: string | undefined): string {
  const older = version === undefined ? '' : ` --kubernetes-version ${shellWord(version)}`;
  return `rbac --nodes --audience ${shellWord(audience)}${older}`;
}

interface Question {
  readonly world: ClusterWorld;
  readonly mayNode: MayNode;
  readonly audience: string;
  readonly remedy: Remedy;
}

/** By the verb that NodeRestriction asks for (Kubernetes, plugin/pkg/admission/noderestriction). */
async function judgedTokens({ world, mayNode, audience, remedy }: Question): Promise<Outcome> {
  const { namespace } = world;
  const action = { verb: 'request-serviceaccounts-token-audience', resource: audience, namespace };
  const tokens = `tokens for ${plain(audience)}`;
  if (await mayNode(action)) return ok(`nodes may request ${tokens}`);
  const refused = `nodes may not request ${tokens}`;
  const effect = 'so kubelets do not run the plugin';
  if (namespace === undefined) return broken(`${refused}, ${effect}`, remedy);
  // The right may be given for single service accounts.
  const names = (await world.accounts()).map(({ name }) => name);
  const allowed = await Promise.all(names.map((name) => mayNode({ ...action, name })));
  const missing = names.filter((_, index) => !allowed[index]);
  if (missing.length === names.length) return broken(`${refused}, ${effect}`, remedy);
  const whose = `service account ${missing.map(plain).join(', ')} of ${namespace}`;
  if (missing.length > 0) return broken(`${refused} of ${whose}, ${effect}`, remedy);
  return ok(`nodes may request ${tokens} of the service accounts of ${namespace}`);
}

async function judgedReading(
  { namespace }: ClusterWorld,
  mayNode: MayNode,
  remedy: Remedy,
): Promise<Outcome> {
  if (await mayNode({ verb: 'get', resource: 'serviceaccounts', namespace })) {
    return ok('nodes may read service accounts, which is a right of their own before 1.34');
  }
  const text = 'nodes may not read service accounts, which is a right of their own before 1.34';
  return broken(text, remedy);
}
