import { LABELS } from './object-labels.ts';
import type { RenderedDocument } from './yaml-document.ts';

/** A pod that is there to pull one image on one node. */
export interface TestPod {
  readonly name: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly image: string;
  /** The node's name; undefined: any node. */
  readonly node?: string;
}

/** The pod; it pulls anew each time it is made, and asks nothing of its node but to be there. */
export function testPodDocument(pod: TestPod): RenderedDocument {
  return {
    value: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: pod.name, namespace: pod.namespace, labels: LABELS },
      spec: {
        serviceAccountName: pod.serviceAccount,
        restartPolicy: 'Never',
        // By the node's name, for its hostname label may be another.
        affinity: pod.node === undefined ? undefined : onNode(pod.node),
        containers: [{ name: 'test', image: pod.image, imagePullPolicy: 'Always' }],
      },
    },
  };
}

function onNode(name: string): RenderedDocument['value'] {
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] };
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
    },
  };
}
