import type { RenderedDocument } from './yaml-document.ts';

/** The kubelet's gate for tokens in requests to credential providers. */
export const TOKEN_FEATURE_GATE = 'KubeletServiceAccountTokenForCredentialProviders';

/** What cannot be taken back, said wherever the gate is rendered. */
export const FEATURE_GATE_WARNING = [
  'CustomNoUpgrade cannot be undone, and such a cluster cannot be upgraded.',
  'Kubernetes 1.34 (OpenShift 4.21) has this gate on already; it is needed only before.',
] as const;

/** OpenShift's FeatureGate `cluster` with the gate on. */
export function featureGateDocument(): RenderedDocument {
  return {
    value: {
      apiVersion: 'config.openshift.io/v1',
      kind: 'FeatureGate',
      metadata: { name: 'cluster' },
      spec: {
        featureSet: 'CustomNoUpgrade',
        customNoUpgrade: { enabled: [TOKEN_FEATURE_GATE] },
      },
    },
    comment: FEATURE_GATE_WARNING,
    remarks: [
      {
        path: ['spec', 'customNoUpgrade', 'enabled'],
        text: 'The list replaces the one of the cluster: name here what is enabled already, too.',
      },
    ],
  };
}
