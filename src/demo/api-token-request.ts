import { isJsonObject } from '../diagnostics/json.ts';
import type { Cluster } from './api-cluster.ts';
import { type Identity, nodeNameOf } from './api-identity.ts';
import { type ApiObject, fieldAt, textAt } from './api-object.ts';
import type { Permissions } from './api-permissions.ts';
import { PODS, SERVICE_ACCOUNTS } from './api-resources.ts';
import { badRequest, conflict, notAdmitted } from './api-status.ts';
import { type ObjectStore, timestamp } from './api-store.ts';

const DEFAULT_SECONDS = 3600;
const MINIMUM_SECONDS = 600;

interface Wanted {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly audiences: readonly string[];
  readonly seconds: number;
  readonly pod: ApiObject | undefined;
}

/**
 * Answers a TokenRequest for a service account, by the rules of the API server and, for a kubelet, of
 * the NodeRestriction admission plugin (kubernetes/plugin/pkg/admission/noderestriction).
 * @throws StatusError 400, 403, 404 or 409.
 */
export function requestToken(
  cluster: Cluster,
  identity: Identity,
  target: { readonly namespace: string; readonly name: string },
  body: unknown,
): object {
  const wanted = readWanted(cluster.store, target, body);
  const node = nodeNameOf(identity);
  if (node !== undefined) checkNode(cluster.permissions, identity, node, wanted);
  const boundNode = textAt(wanted.pod, 'spec.nodeName');
  const audiences = wanted.audiences.length === 0 ? cluster.tokens.audiences : wanted.audiences;
  const token = cluster.tokens.issue({
    namespace: wanted.namespace,
    serviceAccount: wanted.serviceAccount,
    audiences,
    expiresIn: wanted.seconds,
    ...(wanted.pod === undefined ? {} : { pod: wanted.pod.metadata.name }),
    ...(boundNode === undefined ? {} : { node: boundNode }),
  });
  const now = Date.now();
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { ...target, creationTimestamp: timestamp(new Date(now)) },
    spec: {
      audiences,
      expirationSeconds: wanted.seconds,
      boundObjectRef: fieldAt(body, 'spec.boundObjectRef') ?? null,
    },
    status: { token, expirationTimestamp: timestamp(new Date(now + wanted.seconds * 1000)) },
  };
}

function readWanted(
  store: ObjectStore,
  target: { readonly namespace: string; readonly name: string },
  body: unknown,
): Wanted {
  store.need(SERVICE_ACCOUNTS, target.namespace, target.name);
  const seconds = Number(fieldAt(body, 'spec.expirationSeconds') ?? DEFAULT_SECONDS);
  if (!(seconds >= MINIMUM_SECONDS)) {
    throw badRequest('spec.expirationSeconds: may not specify a duration less than 10 minutes');
  }
  const audiences = fieldAt(body, 'spec.audiences');
  return {
    namespace: target.namespace,
    serviceAccount: target.name,
    audiences: Array.isArray(audiences) ? audiences.map(String) : [],
    seconds,
    pod: boundPod(store, target, fieldAt(body, 'spec.boundObjectRef')),
  };
}

function boundPod(
  store: ObjectStore,
  target: { readonly namespace: string; readonly name: string },
  reference: unknown,
): ApiObject | undefined {
  if (!isJsonObject(reference)) return undefined;
  const { apiVersion = 'v1', kind, name, uid } = reference;
  if (apiVersion !== 'v1' || kind !== 'Pod') {
    throw badRequest(`cannot bind token to object of type ${apiVersion}, Kind=${kind}`);
  }
  const pod = store.need(PODS, target.namespace, String(name));
  if (serviceAccountOf(pod) !== target.name) {
    throw badRequest(
      `cannot bind token for serviceaccount "${target.name}" to pod running with different serviceaccount name.`,
    );
  }
  if (uid !== undefined && uid !== '' && uid !== pod.metadata.uid) {
    throw conflict(PODS, pod.metadata.name, replaced(uid));
  }
  return pod;
}

function replaced(uid: unknown): string {
  return `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
}

function serviceAccountOf(pod: ApiObject): string {
  return textAt(pod, 'spec.serviceAccountName') ?? 'default';
}

function checkNode(
  permissions: Permissions,
  identity: Identity,
  node: string,
  wanted: Wanted,
): void {
  const why = nodeRefusal(permissions, identity, node, wanted);
  if (why !== undefined) throw notAdmitted(SERVICE_ACCOUNTS, wanted.serviceAccount, why);
}

function nodeRefusal(
  permissions: Permissions,
  identity: Identity,
  node: string,
  wanted: Wanted,
): string | undefined {
  if (wanted.pod === undefined) return 'node requested token not bound to a pod';
  if (textAt(wanted.pod, 'spec.nodeName') !== node) {
    return 'node requested token bound to a pod scheduled on a different node';
  }
  if (wanted.audiences.length > 1) return 'node may only request 0 or 1 audiences';
  const audience = wanted.audiences[0] ?? '';
  if (projectedAudiences(wanted.pod).includes(audience)) return undefined;
  const action = {
    verb: 'request-serviceaccounts-token-audience',
    group: '',
    resource: audience,
    namespace: wanted.namespace,
    name: wanted.serviceAccount,
  };
  if (permissions.allows(identity, action)) return undefined;
  return `audience "${audience}" not found in pod spec volume, ${identity.name} is not authorized to request tokens for this audience`;
}

/** The audiences of a pod's own token volumes; every pod may have one for the API server itself. */
function projectedAudiences(pod: ApiObject): string[] {
  const volumes = fieldAt(pod, 'spec.volumes');
  const sources = (Array.isArray(volumes) ? volumes : []).flatMap((volume) => {
    const found = fieldAt(volume, 'projected.sources');
    return Array.isArray(found) ? found : [];
  });
  return ['', ...sources.flatMap((source) => textAt(source, 'serviceAccountToken.audience') ?? [])];
}
