import { plain } from '../../diagnostics/plain.ts';
import { whereReached } from './as-viewer.ts';
import { broken, type Check, type Outcome, ok, unknown, warning } from './check.ts';
import type { ClusterWorld } from './cluster-world.ts';

/** Its kubelets send plugins tokens with a feature gate, from the next one on without. */
const FIRST_WITH_GATE = 33;
const GATE = 'KubeletServiceAccountTokenForCredentialProviders';

/** Whether the API server is one whose kubelets, never newer than it, send plugins the pods' tokens. */
export const apiServerVersion: Check<ClusterWorld> = {
  id: 'api-server-version',
  look: (world) => whereReached(world, async () => judged((await world.answer()).version)),
};

/** The minor version, where the major one is 1; vendors add to the text. */
export function minorOf(version: string | undefined): number | undefined {
  const minor = /^v?1\.(\d{1,3})(?:\D|$)/.exec(version ?? '')?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/** Whether kubelets read service accounts without a rule of ours; undefined where that is not known. */
export function isRuleNeeded(version: string | undefined): boolean | undefined {
  const minor = minorOf(version);
  return minor === undefined ? undefined : minor <= FIRST_WITH_GATE;
}

function judged(version: string | undefined): Outcome {
  const minor = minorOf(version);
  if (version === undefined || minor === undefined) {
    return unknown('the API server does not tell its version');
  }
  const change = 'upgrade the cluster to Kubernetes 1.34 or later';
  if (minor > FIRST_WITH_GATE) return ok(`Kubernetes ${plain(version)}; 1.34 or later is needed`);
  if (minor === FIRST_WITH_GATE) {
    const text = `Kubernetes ${plain(version)}: its kubelets need the feature gate ${GATE}`;
    return warning(text, { change: `${change}, or switch it on for each kubelet` });
  }
  const text = `Kubernetes ${plain(version)}: its kubelets send plugins no tokens`;
  return broken(text, { change });
}
