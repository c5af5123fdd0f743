import { AUDIENCE_REMARK, type Audience } from './audience.ts';
import { LABELS } from './object-labels.ts';
import type { RenderedDocument } from './yaml-document.ts';

const RBAC = 'rbac.authorization.k8s.io';

/** Whose pods may use which pull secrets. */
export interface NamespaceAccess {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Empty: all Secrets of the namespace. */
  readonly secrets: readonly string[];
}

/** The Role and RoleBinding by which the mirror provider, with a pod's token, reads pull secrets. */
export function namespaceRbac(access: NamespaceAccess): readonly RenderedDocument[] {
  const { namespace, serviceAccount, secrets } = access;
  const metadata = { name: `pullkey-${serviceAccount}`, namespace, labels: LABELS };
  const byName = secrets.length > 0;
  const role = {
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata,
    rules: byName ? namedSecretsRules(access) : ALL_SECRETS_RULES,
  };
  const binding = {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: RBAC, kind: 'Role', name: metadata.name },
    subjects: [{ kind: 'ServiceAccount', name: serviceAccount, namespace }],
  };
  return [{ value: role, comment: byName ? NAMED_COMMENT : ALL_COMMENT }, { value: binding }];
}

const ALL_COMMENT = [
  'Pods of this service account read every Secret of the namespace; --secret NAME limits it.',
];
const NAMED_COMMENT = [
  'The service account must name these Secrets: as imagePullSecrets, or in its annotation',
  'pullkey.dev/pull-secrets, because they cannot be found by listing.',
];

const ALL_SECRETS_RULES = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] }];

function namedSecretsRules({
  serviceAccount,
  secrets,
}: NamespaceAccess): RenderedDocument['value'] {
  return [
    { apiGroups: [''], resources: ['secrets'], resourceNames: secrets, verbs: ['get'] },
    {
      apiGroups: [''],
      resources: ['serviceaccounts'],
      resourceNames: [serviceAccount],
      verbs: ['get'],
    },
  ];
}

/** What the kubelets of all nodes need to ask for tokens. */
export interface NodeAccess {
  readonly audience: Audience;
  /** API servers before 1.34 let a kubelet read service accounts only by such a rule. */
  readonly readsServiceAccounts: boolean;
}

/** The ClusterRole and its binding to all nodes, by which a kubelet gets tokens for an audience. */
export function nodesRbac(access: NodeAccess): readonly RenderedDocument[] {
  const metadata = { name: 'pullkey-nodes', labels: LABELS };
  const audienceRule = {
    apiGroups: [''],
    resources: [access.audience.url],
    verbs: ['request-serviceaccounts-token-audience'],
  };
  const role = {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata,
    rules: access.readsServiceAccounts ? [audienceRule, SERVICE_ACCOUNTS_RULE] : [audienceRule],
  };
  const binding = {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata,
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: metadata.name },
    subjects: [{ apiGroup: RBAC, kind: 'Group', name: 'system:nodes' }],
  };
  const remark = { path: ['rules', 0, 'resources', 0], text: AUDIENCE_REMARK };
  return [{ value: role, remarks: access.audience.isGuessed ? [remark] : [] }, { value: binding }];
}

const SERVICE_ACCOUNTS_RULE = {
  apiGroups: [''],
  resources: ['serviceaccounts'],
  verbs: ['get', 'list', 'watch'],
};
