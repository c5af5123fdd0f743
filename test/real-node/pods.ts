import { kubectl } from './machine.ts';

export interface PodPlan {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly images: readonly string[];
  readonly policy?: 'Always' | 'IfNotPresent';
}

/** How the pulls of a pod's images ended, by the kubelet's own events. */
export interface PodPulls {
  readonly pulled: number;
  readonly failures: readonly string[];
}

/** Starts a pod; whether its containers run does not matter, only their images do. */
export function startPod({ namespace, name, node, images, policy = 'Always' }: PodPlan): void {
  const containers = images.map((image, index) => ({
    name: `c${index}`,
    image,
    imagePullPolicy: policy,
  }));
  const spec = { nodeName: node, restartPolicy: 'Never', containers };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec };
  kubectl(['apply', '-f', '-'], JSON.stringify(pod));
}

export function pullsOf({ namespace, name }: PodPlan): PodPulls {
  const fields = `involvedObject.name=${name}`;
  const query = ['get', 'events', '-n', namespace, '--field-selector', fields, '-o', 'json'];
  const { items }: { readonly items: readonly Event[] } = JSON.parse(kubectl(query));
  return {
    pulled: items.filter(({ reason }) => reason === 'Pulled').length,
    failures: items
      .filter(({ reason, message }) => reason === 'Failed' && /pull/i.test(message))
      .map(({ message }) => message),
  };
}

interface Event {
  readonly reason: string;
  readonly message: string;
}

/** Waits until something is there; undefined comes of it after two minutes. */
export async function eventually<Value>(look: () => Value | undefined): Promise<Value | undefined> {
  for (let attempt = 0; attempt < 120; attempt += 1) {
    const found = look();
    if (found !== undefined) return found;
    await Bun.sleep(1_000);
  }
  return undefined;
}
