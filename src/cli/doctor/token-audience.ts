import { plain } from '../../diagnostics/plain.ts';
import { shellWord } from '../../diagnostics/shell-word.ts';
import { AS_ADMINISTRATOR, asViewer } from './as-viewer.ts';
import { broken, type Check, type Outcome, ok, type Remedy, unknown } from './check.ts';
import type { ClusterWorld } from './cluster-world.ts';
import { installCommand } from './remedies.ts';
import { neededAudience, type TokenFacts } from './token-facts.ts';
import type { Viewer } from './viewer.ts';

/** Whether the API server accepts tokens of the audience that the kubelet asks for. */
export const tokenAudience: Check<ClusterWorld> = {
  id: 'token-audience',
  look: (world) => asViewer(world, async (viewer) => judged(world, viewer, await world.tokens())),
};

function judged(world: ClusterWorld, viewer: Viewer, facts: TokenFacts): Outcome {
  const { configured, accepted, isAccepted, problem } = facts;
  if (!facts.hasAccount) return noPod(viewer);
  if (configured === undefined) return notConfigured(accepted);
  const audience = plain(configured);
  if (isAccepted === undefined) {
    return unknown(`no token for ${audience} can be had: ${problem?.message}`, AS_ADMINISTRATOR);
  }
  if (isAccepted) return ok(`the API server accepts tokens for ${audience}`);
  const told = accepted === undefined ? '' : `; it accepts ${accepted.map(plain).join(', ')}`;
  return broken(
    `the API server refuses tokens for ${audience} with 401${told}`,
    changeTo(neededAudience(facts), world),
  );
}

function changeTo(audience: string | undefined, { node, entry }: ClusterWorld): Remedy {
  if (audience === undefined) {
    return { change: "configure one of the API server's --api-audiences, by default its issuer" };
  }
  if (node !== undefined && node.kind !== 'openshift') {
    return { command: `${installCommand(node)} --audience ${shellWord(audience)} --restart` };
  }
  const file = entry === undefined ? 'the configuration' : plain(entry.file);
  const way = node === undefined ? '' : ', by the MachineConfig that writes it';
  return { change: `write serviceAccountTokenAudience: ${audience} into ${file}${way}` };
}

/** A kubelet gets tokens for nobody else. */
function noPod({ node = '' }: Viewer): Outcome {
  return unknown('no pod of a service account is on this node, for which a token could be had', {
    command: `pullkey render test-pod --node ${shellWord(node)} | kubectl apply -f -`,
  });
}

function notConfigured(accepted: readonly string[] | undefined): Outcome {
  const told =
    accepted === undefined ? '' : `; the API server accepts ${accepted.map(plain).join(', ')}`;
  return unknown(`no entry of crio-credential-provider is known here${told}`, {
    change: 'run this on a node; pullkey lint FILE compares the audience of a file from anywhere',
  });
}
