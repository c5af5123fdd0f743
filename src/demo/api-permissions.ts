import { type Identity, isAuthenticated, serviceAccountName } from './api-identity.ts';

/** To whom a rule is bound. */
export type Subject =
  | { readonly user: string }
  | { readonly group: string }
  | { readonly namespace: string; readonly serviceAccount: string };

/** An RBAC rule with its binding; without a namespace it holds in all of them and for cluster-scoped objects. */
export interface Permission {
  readonly subject: Subject;
  readonly namespace?: string;
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  /** Plurals; a sub-resource as `serviceaccounts/token`. */
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** What a request wants to do, as authorizers see it. */
export interface ResourceAction {
  readonly verb: string;
  readonly group: string;
  /** With its sub-resource: `serviceaccounts/token`. */
  readonly resource: string;
  /** Empty for cluster-scoped objects and for all namespaces. */
  readonly namespace: string;
  /** Empty for lists and creations. */
  readonly name: string;
}

const OPEN_PATHS = ['/version', '/healthz', '/livez', '/readyz'];

/** What every cluster grants without anyone's doing. */
const BUILT_IN: readonly Permission[] = [
  { subject: { group: 'system:masters' }, verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  {
    subject: { group: 'system:authenticated' },
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews'],
  },
  {
    subject: { group: 'system:authenticated' },
    verbs: ['create'],
    apiGroups: ['authentication.k8s.io'],
    resources: ['selfsubjectreviews'],
  },
  {
    subject: { group: 'system:nodes' },
    verbs: ['create'],
    resources: ['serviceaccounts/token'],
  },
  {
    // For requests to the kubelet itself.
    subject: { group: 'system:nodes' },
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['subjectaccessreviews', 'localsubjectaccessreviews'],
  },
  { subject: { group: 'system:nodes' }, verbs: ['get', 'list', 'watch'], resources: ['pods'] },
];

/** Who may do what: additive rules like RBAC's, everything else is forbidden. */
export class Permissions {
  readonly #granted: Permission[] = [...BUILT_IN];
  readonly #grantedByRoles: () => readonly Permission[];

  constructor(grantedByRoles: () => readonly Permission[] = () => []) {
    this.#grantedByRoles = grantedByRoles;
  }

  allow(...permissions: readonly Permission[]): void {
    this.#granted.push(...permissions);
  }

  /** Lets a service account list and read its namespace's Secrets, or read just the named ones. */
  allowPullSecrets(
    namespace: string,
    serviceAccount: string,
    only: { readonly names?: readonly string[] } = {},
  ): void {
    const subject = { namespace, serviceAccount };
    const resources = ['secrets'];
    this.allow(
      only.names === undefined
        ? { subject, namespace, resources, verbs: ['get', 'list'] }
        : { subject, namespace, resources, verbs: ['get'], resourceNames: only.names },
    );
  }

  /** Takes back what was granted to a subject. */
  revoke(subject: Subject): void {
    const others = this.#granted.filter((one) => !Bun.deepEquals(one.subject, subject));
    this.#granted.splice(0, this.#granted.length, ...others);
  }

  allows(identity: Identity, action: ResourceAction): boolean {
    return [...this.#granted, ...this.#grantedByRoles()].some(
      (one) => isBoundTo(one.subject, identity) && covers(one, action),
    );
  }

  /** Paths outside the resources: health and version are open, discovery is for known users. */
  allowsPath(identity: Identity, path: string): boolean {
    if (OPEN_PATHS.includes(path)) return true;
    if (identity.groups.includes('system:masters')) return true;
    return isAuthenticated(identity) && /^\/(apis?|openapi)(\/|$)/.test(path);
  }
}

function isBoundTo(subject: Subject, identity: Identity): boolean {
  if ('group' in subject) return identity.groups.includes(subject.group);
  const user =
    'user' in subject
      ? subject.user
      : serviceAccountName(subject.namespace, subject.serviceAccount);
  return identity.name === user;
}

function covers(rule: Permission, action: ResourceAction): boolean {
  return (
    (rule.namespace === undefined || rule.namespace === action.namespace) &&
    holds(rule.verbs, action.verb) &&
    holds(rule.apiGroups ?? [''], action.group) &&
    holds(rule.resources, action.resource) &&
    (rule.resourceNames === undefined || rule.resourceNames.includes(action.name))
  );
}

function holds(allowed: readonly string[], wanted: string): boolean {
  return allowed.includes('*') || allowed.includes(wanted);
}
