import { LABELS } from './object-labels.ts';
import { PULL_SECRETS_ANNOTATION } from './provider-entry.ts';
import { type PullSecret, pullSecretDocument } from './pull-secret.ts';
import { type NamespaceAccess, namespaceRbac } from './rbac.ts';
import type { RenderedDocument } from './yaml-document.ts';

/** A namespace whose pods pull through mirrors with the namespace's own credentials. */
export interface Tenant extends NamespaceAccess {
  /** The Secret to make with it, where its password is at hand. */
  readonly pullSecret?: PullSecret;
}

/** Everything that one tenant needs, in the order of creation. */
export function tenantDocuments(tenant: Tenant): readonly RenderedDocument[] {
  const { namespace, pullSecret } = tenant;
  const namespaceObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: LABELS },
  };
  return [
    { value: namespaceObject },
    serviceAccountDocument(tenant),
    ...(pullSecret === undefined ? [] : [pullSecretDocument(pullSecret)]),
    ...namespaceRbac(tenant),
  ];
}

/**
 * A service account that names its Secrets to the mirror provider, so that none is listed: in the annotation,
 * which kubelets pass on whose configuration asks for it, and for all others as imagePullSecrets.
 */
function serviceAccountDocument({ namespace, serviceAccount, secrets }: Tenant): RenderedDocument {
  const isNamed = secrets.length > 0;
  const annotations = isNamed ? { [PULL_SECRETS_ANNOTATION]: secrets.join(',') } : undefined;
  return {
    value: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: serviceAccount, namespace, labels: LABELS, annotations },
      imagePullSecrets: isNamed ? secrets.map((name) => ({ name })) : undefined,
    },
  };
}
