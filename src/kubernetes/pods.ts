import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import type { ApiClient } from './client.ts';
import { namesIn } from './service-accounts.ts';
import { unexpectedKind } from './unexpected-kind.ts';

/** What a pod says of its pulls. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Undefined until it is scheduled. */
  readonly node: string | undefined;
  readonly serviceAccount: string;
  /** A node's own file, of which the API server has a copy; such a pod gets no token. */
  readonly isStatic: boolean;
  readonly imagePullSecrets: readonly string[];
  /** In the order in which the kubelet starts them. */
  readonly containers: readonly Container[];
}

export interface Container {
  readonly name: string;
  readonly image: string;
  /** Why it does not run yet, such as `ImagePullBackOff: Back-off pulling image …`. */
  readonly waiting?: string;
}

const MIRROR_POD = 'kubernetes.io/config.mirror';
const CONTAINER_LISTS = [
  ['initContainers', 'initContainerStatuses'],
  ['containers', 'containerStatuses'],
  ['ephemeralContainers', 'ephemeralContainerStatuses'],
] as const;

/** Reads a pod. Throws an ApiError or a Failure. */
export async function readPod(client: ApiClient, namespace: string, name: string): Promise<Pod> {
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  const pod = await client.get(path);
  if (pod['kind'] !== 'Pod') throw unexpectedKind(path, pod['kind'], 'Pod');
  return podOf(pod);
}

const MOST_PODS = 500;

/** Up to 500 pods: of a namespace, of a node, or of both. Throws an ApiError or a Failure. */
export async function listPods(
  client: ApiClient,
  {
    namespace,
    node,
  }: { readonly namespace?: string | undefined; readonly node?: string | undefined },
): Promise<readonly Pod[]> {
  const place = namespace === undefined ? '' : `namespaces/${namespace}/`;
  const selector =
    node === undefined ? '' : `&fieldSelector=${encodeURIComponent(`spec.nodeName=${node}`)}`;
  const path = `/api/v1/${place}pods?limit=${MOST_PODS}${selector}`;
  const { kind, items } = await client.get(path);
  if (kind !== 'PodList') throw unexpectedKind(path, kind, 'PodList');
  return objectsIn(items).map(podOf);
}

function podOf(pod: JsonObject): Pod {
  const [metadata, spec, status] = [pod['metadata'], pod['spec'], pod['status']].map(objectOf);
  const node = spec?.['nodeName'];
  return {
    namespace: textOf(metadata?.['namespace']),
    name: textOf(metadata?.['name']),
    uid: textOf(metadata?.['uid']),
    node: typeof node === 'string' && node !== '' ? node : undefined,
    serviceAccount: textOf(spec?.['serviceAccountName']) || 'default',
    isStatic: MIRROR_POD in objectOf(metadata?.['annotations']),
    imagePullSecrets: namesIn(spec?.['imagePullSecrets']),
    containers: CONTAINER_LISTS.flatMap(([list, statuses]) =>
      objectsIn(spec?.[list]).map((one) => containerOf(one, objectsIn(status?.[statuses]))),
    ),
  };
}

function containerOf({ name, image }: JsonObject, statuses: readonly JsonObject[]): Container {
  const state = objectOf(statuses.find((status) => status['name'] === name)?.['state']);
  const { reason, message } = objectOf(state['waiting']);
  const waiting = [reason, message].map(textOf).filter((one) => one !== '');
  return {
    name: textOf(name),
    image: textOf(image),
    ...(waiting.length === 0 ? {} : { waiting: waiting.join(': ') }),
  };
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
