import { isJsonObject } from '../diagnostics/json.ts';
import type { Identity } from './api-identity.ts';
import { fieldAt } from './api-object.ts';
import type { Permissions } from './api-permissions.ts';
import { badRequest } from './api-status.ts';

/** Answers a SelfSubjectAccessReview. @throws StatusError 400 for one that asks nothing. */
export function reviewAccess(permissions: Permissions, identity: Identity, body: unknown): object {
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: fieldAt(body, 'spec'),
    status: { allowed: isAllowed(permissions, identity, fieldAt(body, 'spec')) },
  };
}

function isAllowed(permissions: Permissions, identity: Identity, spec: unknown): boolean {
  const resource = fieldAt(spec, 'resourceAttributes');
  if (isJsonObject(resource)) {
    const text = (field: string): string => String(resource[field] ?? '');
    const subresource = text('subresource');
    return permissions.allows(identity, {
      verb: text('verb'),
      group: text('group'),
      resource: subresource === '' ? text('resource') : `${text('resource')}/${subresource}`,
      namespace: text('namespace'),
      name: text('name'),
    });
  }
  const path = fieldAt(spec, 'nonResourceAttributes.path');
  if (typeof path === 'string') return permissions.allowsPath(identity, path);
  throw badRequest('exactly one of nonResourceAttributes or resourceAttributes must be specified');
}
