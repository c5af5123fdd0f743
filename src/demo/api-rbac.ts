import { fieldAt, textAt } from './api-object.ts';
import type { Permission, Subject } from './api-permissions.ts';
import type { Resource } from './api-resources.ts';
import type { ObjectStore } from './api-store.ts';
import type { BuiltInKind } from './kinds/built-in-kind.ts';
import { CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING } from './kinds/rbac-kinds.ts';

const ROLES = rbac('Role', true, ROLE);
const ROLE_BINDINGS = rbac('RoleBinding', true, ROLE_BINDING);
const CLUSTER_ROLES = rbac('ClusterRole', false, CLUSTER_ROLE);
const CLUSTER_ROLE_BINDINGS = rbac('ClusterRoleBinding', false, CLUSTER_ROLE_BINDING);

export const RBAC_RESOURCES: readonly Resource[] = [
  ROLES,
  ROLE_BINDINGS,
  CLUSTER_ROLES,
  CLUSTER_ROLE_BINDINGS,
];

function rbac(kind: string, namespaced: boolean, builtIn: BuiltInKind): Resource {
  return {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    plural: `${kind.toLowerCase()}s`,
    kind,
    namespaced,
    builtIn,
    fields: [],
    unknownField: (label) => `field label not supported: ${label}`,
  };
}

/** What the Roles and ClusterRoles of a store grant through their bindings, at this moment. */
export function grantedByRoles(store: ObjectStore): Permission[] {
  const bindings = [...store.list(ROLE_BINDINGS, ''), ...store.list(CLUSTER_ROLE_BINDINGS, '')];
  return bindings.flatMap((binding) => {
    const { namespace } = binding.metadata;
    const rules = listAt(roleOf(store, binding, namespace), 'rules').map(ruleOf);
    const place = namespace === undefined ? {} : { namespace };
    return listAt(binding, 'subjects')
      .flatMap(subjectOf)
      .flatMap((subject) => rules.map((rule) => ({ subject, ...place, ...rule })));
  });
}

function roleOf(store: ObjectStore, binding: unknown, namespace = ''): unknown {
  const name = textAt(binding, 'roleRef.name') ?? '';
  const isRole = textAt(binding, 'roleRef.kind') === 'Role';
  return isRole ? store.get(ROLES, namespace, name) : store.get(CLUSTER_ROLES, '', name);
}

function ruleOf(rule: unknown): Omit<Permission, 'subject' | 'namespace'> {
  const resourceNames = textsAt(rule, 'resourceNames');
  return {
    verbs: textsAt(rule, 'verbs'),
    apiGroups: textsAt(rule, 'apiGroups'),
    resources: textsAt(rule, 'resources'),
    ...(resourceNames.length === 0 ? {} : { resourceNames }),
  };
}

function subjectOf(subject: unknown): Subject[] {
  const name = textAt(subject, 'name') ?? '';
  switch (textAt(subject, 'kind')) {
    case 'User':
      return [{ user: name }];
    case 'Group':
      return [{ group: name }];
    case 'ServiceAccount':
      return [{ namespace: textAt(subject, 'namespace') ?? '', serviceAccount: name }];
    default:
      return [];
  }
}

function listAt(value: unknown, path: string): unknown[] {
  const found = fieldAt(value, path);
  return Array.isArray(found) ? found : [];
}

function textsAt(value: unknown, path: string): string[] {
  return listAt(value, path).filter((one) => typeof one === 'string');
}
