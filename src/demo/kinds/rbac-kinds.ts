import type { JsonObject } from '../../diagnostics/json.ts';
import { subdomainErrors } from '../../kubelet/qualified-name.ts';
import {
  type FieldError,
  type FieldPath,
  invalid,
  notSupported,
  required,
} from '../../platform/custom-resource/field-error.ts';
import type { BuiltInKind } from './built-in-kind.ts';
import { known, list, nameErrorsAt, objectsAt, struct, TEXT } from './schema-parts.ts';

const GROUP = 'rbac.authorization.k8s.io';

const POLICY_RULE = struct('v1.PolicyRule', {
  verbs: list(TEXT),
  apiGroups: list(TEXT),
  resources: list(TEXT),
  resourceNames: list(TEXT),
  nonResourceURLs: list(TEXT),
});

// Source of the rules: kubernetes, pkg/apis/rbac/validation.

export const ROLE: BuiltInKind = {
  schema: struct('v1.Role', { rules: list(POLICY_RULE) }),
  nameErrors: pathSegmentErrors,
  errors: (role) => rulesErrors(role, true),
};

export const CLUSTER_ROLE: BuiltInKind = {
  schema: struct('v1.ClusterRole', { rules: list(POLICY_RULE), ...known('aggregationRule') }),
  nameErrors: pathSegmentErrors,
  errors: (role) => rulesErrors(role, false),
};

export const ROLE_BINDING = bindingOf('RoleBinding', ['Role', 'ClusterRole']);
export const CLUSTER_ROLE_BINDING = bindingOf('ClusterRoleBinding', ['ClusterRole']);

/** A name that can stand in a path: with colons and capitals, but without slashes. */
function pathSegmentErrors(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%']
    .filter((character) => name.includes(character))
    .map((character) => `may not contain '${character}'`);
}

function rulesErrors(role: JsonObject, isNamespaced: boolean): readonly FieldError[] {
  return objectsAt(role, 'rules').flatMap((rule, index) =>
    ruleErrors(rule, ['rules', index], isNamespaced),
  );
}

function ruleErrors(rule: JsonObject, path: FieldPath, isNamespaced: boolean): FieldError[] {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs: urls } = rule;
  const needed = (name: string, detail: string) => required([...path, name], detail);
  const place = [...path, 'nonResourceURLs'];
  const errors = verbs ? [] : [needed('verbs', 'verbs must contain at least one value')];
  if (urls) {
    if (isNamespaced) {
      errors.push(invalid(place, urls, 'namespaced rules cannot apply to non-resource URLs'));
    }
    if (apiGroups || resources || resourceNames) {
      const detail = 'rules cannot apply to both regular resources and non-resource URLs';
      errors.push(invalid(place, urls, detail));
    }
    return errors;
  }
  if (!apiGroups) {
    errors.push(needed('apiGroups', 'resource rules must supply at least one api group'));
  }
  if (!resources) {
    errors.push(needed('resources', 'resource rules must supply at least one resource'));
  }
  return errors;
}

function bindingOf(kind: 'RoleBinding' | 'ClusterRoleBinding', roles: string[]): BuiltInKind {
  const subject = struct(
    'v1.Subject',
    { kind: TEXT, apiGroup: TEXT, name: TEXT, namespace: TEXT },
    ['name'],
  );
  const roleRef = struct(
    'v1.RoleRef',
    {
      apiGroup: { type: 'string', enum: [GROUP] },
      kind: { type: 'string', enum: roles },
      name: TEXT,
    },
    ['kind', 'name'],
  );
  return {
    schema: struct(`v1.${kind}`, { roleRef, subjects: list(subject) }, ['roleRef']),
    nameErrors: pathSegmentErrors,
    errors: (binding) =>
      objectsAt(binding, 'subjects').flatMap((one, index) =>
        subjectErrors(one, ['subjects', index], kind === 'RoleBinding'),
      ),
  };
}

function subjectErrors(
  subject: JsonObject,
  path: FieldPath,
  isNamespaced: boolean,
): readonly FieldError[] {
  const { kind = '', apiGroup = '', name, namespace } = subject;
  if (kind === 'ServiceAccount') {
    const isLost = !isNamespaced && namespace === undefined;
    return [
      ...nameErrorsAt([...path, 'name'], name, subdomainErrors),
      ...(apiGroup === '' ? [] : [notSupported([...path, 'apiGroup'], apiGroup, [''])]),
      ...(isLost ? [required([...path, 'namespace'])] : []),
    ];
  }
  if (kind !== 'User' && kind !== 'Group') {
    return [notSupported([...path, 'kind'], kind, ['ServiceAccount', 'User', 'Group'])];
  }
  // Left out, it is filled in.
  if (apiGroup === '' || apiGroup === GROUP) return [];
  return [notSupported([...path, 'apiGroup'], apiGroup, [GROUP])];
}
