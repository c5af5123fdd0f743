import { isJsonObject } from '../diagnostics/json.ts';
import type { Identity } from './api-identity.ts';
import { fieldAt, textAt } from './api-object.ts';
import type { Permissions } from './api-permissions.ts';
import type { RequestInfo } from './api-request.ts';
import type { Resource } from './api-resources.ts';
import { badRequest, StatusError } from './api-status.ts';

const AUTHORIZATION = 'authorization.k8s.io';
const AUTHENTICATION = 'authentication.k8s.io';

/** Kinds that answer one question and keep nothing. */
export const REVIEWS: readonly Resource[] = [
  review(AUTHENTICATION, 'SelfSubjectReview'),
  review(AUTHORIZATION, 'LocalSubjectAccessReview', true),
  review(AUTHORIZATION, 'SelfSubjectAccessReview'),
  review(AUTHORIZATION, 'SubjectAccessReview'),
];

function review(group: string, kind: string, namespaced = false): Resource {
  const plural = `${kind.toLowerCase()}s`;
  const fields = { fields: [], unknownField: (label: string) => label };
  return { group, version: 'v1', plural, kind, namespaced, ...fields };
}

/** Which review a request creates; undefined for all other requests. */
export function reviewOf({
  group,
  version,
  resource,
  verb,
}: Pick<RequestInfo, 'group' | 'version' | 'resource' | 'verb'>): Resource | undefined {
  if (verb !== 'create' || version !== 'v1') return undefined;
  return REVIEWS.find((one) => one.group === group && one.plural === resource);
}

/**
 * Answers a review of access, or of who asks, as kube-apiserver's registries of these groups do.
 * @throws StatusError 400 or 422 for one that asks nothing, or for nobody.
 */
export function answerReview(
  permissions: Permissions,
  identity: Identity,
  { kind, group, namespace }: Resource & { readonly namespace: string },
  body: unknown,
): object {
  const head = { kind, apiVersion: `${group}/v1`, metadata: { creationTimestamp: null } };
  if (kind === 'SelfSubjectReview') return { ...head, status: { userInfo: userInfo(identity) } };
  const spec = fieldAt(body, 'spec');
  if (kind === 'LocalSubjectAccessReview') checkNamespace(spec, namespace);
  const subject = kind === 'SelfSubjectAccessReview' ? identity : subjectIn(kind, spec);
  return { ...head, spec, status: { allowed: isAllowed(permissions, subject, spec) } };
}

function userInfo({ name, groups, extra }: Identity): object {
  return { username: name, groups, ...(extra === undefined ? {} : { extra }) };
}

function checkNamespace(spec: unknown, namespace: string): void {
  const asked = textAt(spec, 'resourceAttributes.namespace') ?? '';
  if (asked === namespace) return;
  throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`);
}

function subjectIn(kind: string, spec: unknown): Identity {
  const [name, groups] = [textAt(spec, 'user') ?? '', fieldAt(spec, 'groups')];
  if (name === '' && !Array.isArray(groups)) throw nobody(kind);
  return { name, groups: (Array.isArray(groups) ? groups : []).map(String) };
}

function nobody(kind: string): StatusError {
  const message = `${kind}.${AUTHORIZATION} "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified`;
  return new StatusError(422, 'Invalid', message, { details: { group: AUTHORIZATION, kind } });
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
