import { kubectl } from './machine.ts';

export interface PodPlan {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly images: readonly string[];
  readonly policy: 'Always' | 'IfNotPresent';
}

/** How the pulls of a pod's images ended, by the kubelet's own events. */
export interface PodPulls {
  /** Sorted; an image that was pulled again counts once. */
  readonly pulled: readonly string[];
  readonly failures: readonly string[];
}

/** Starts pods in one request; whether their containers run does not matter, only their images do. */
export function startPods(plans: readonly PodPlan[]): void {
  const items = plans.map(({ namespace, name, node, images, policy }) => {
    const containers = images.map((image, index) => ({
      name: `c${index}`,
      image,
      imagePullPolicy: policy,
    }));
    const spec = { nodeName: node, restartPolicy: 'Never', containers };
    return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec };
  });
  kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
}

/** Ends a namespace's pods, so that none goes on pulling while the next case runs. */
export function removePods(namespace: string): void {
  const now = ['--force', '--grace-period=0', '--wait=false'];
  kubectl(['delete', 'pods', '--all', '-n', namespace, ...now]);
}

export function pullsOf({ namespace, name }: PodPlan): PodPulls {
  const fields = `involvedObject.name=${name}`;
  const query = ['get', 'events', '-n', namespace, '--field-selector', fields, '-o', 'json'];
  const { items }: { readonly items: readonly Event[] } = JSON.parse(kubectl(query));
  const pulled = items.filter(({ reason }) => reason === 'Pulled').map(imageOf);
  return {
    pulled: [...new Set(pulled)].sort(),
    // `Failed` is also said of containers that do not start.
    failures: items
      .filter(({ reason, message }) => reason === 'Failed' && FAILED_PULL.test(message))
      .map(({ message }) => message),
  };
}

const FAILED_PULL = /^Failed to pull image /;

interface Event {
  readonly reason: string;
  readonly message: string;
}

/** `Successfully pulled image "X" in …`, `Container image "X" already present on machine …`. */
function imageOf({ message }: Event): string {
  const [, image = message] = /image "([^"]+)"/.exec(message) ?? [];
  return image.replace(/:latest$/, '');
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
