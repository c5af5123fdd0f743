/** Who sends a request, as authentication found out. */
export interface Identity {
  readonly name: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

const AUTHENTICATED = 'system:authenticated';

export const ADMIN: Identity = { name: 'admin', groups: ['system:masters', AUTHENTICATED] };

/** A request without a token. */
export const ANONYMOUS: Identity = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** A kubelet. */
export function nodeIdentity(node: string): Identity {
  return { name: `system:node:${node}`, groups: ['system:nodes', AUTHENTICATED] };
}

/** The node's name, where the identity is a kubelet's. */
export function nodeNameOf(identity: Identity): string | undefined {
  const node = /^system:node:(.+)$/.exec(identity.name)?.[1];
  return identity.groups.includes('system:nodes') ? node : undefined;
}

export function serviceAccountName(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

export function serviceAccountIdentity(
  namespace: string,
  name: string,
  extra: Readonly<Record<string, readonly string[]>>,
): Identity {
  return {
    name: serviceAccountName(namespace, name),
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, AUTHENTICATED],
    extra,
  };
}

export function isAuthenticated(identity: Identity): boolean {
  return identity.groups.includes(AUTHENTICATED);
}
