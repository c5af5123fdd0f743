import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import type { ApiClient } from './client.ts';
import { unexpectedKind } from './unexpected-kind.ts';

const AUTHORIZATION = 'authorization.k8s.io/v1';
const AUTHENTICATION = 'authentication.k8s.io/v1';

/** What somebody wants to do; empty fields stand for all namespaces and all names. */
export interface Action {
  readonly verb: string;
  /** A plural, or an audience. */
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** Whose rights are asked for. */
export interface Subject {
  readonly user: string;
  readonly groups: readonly string[];
}

/** A kubelet, as the API server knows it (Kubernetes, Node authorization). */
export function nodeSubject(name: string): Subject {
  return { user: `system:node:${name}`, groups: ['system:nodes', 'system:authenticated'] };
}

/** The pods of a service account. */
export function serviceAccountSubject(namespace: string, name: string): Subject {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: [
      'system:serviceaccounts',
      `system:serviceaccounts:${namespace}`,
      'system:authenticated',
    ],
  };
}

/** Who the client is to the API server. Throws an ApiError or a Failure. */
export async function whoAmI(client: ApiClient): Promise<Subject> {
  const path = `/apis/${AUTHENTICATION}/selfsubjectreviews`;
  const body = { kind: 'SelfSubjectReview', apiVersion: AUTHENTICATION };
  const { kind, status } = await client.post(path, body);
  const userInfo = isJsonObject(status) ? status['userInfo'] : undefined;
  if (kind !== 'SelfSubjectReview' || !isJsonObject(userInfo)) {
    throw unexpectedKind(path, kind, 'SelfSubjectReview');
  }
  const { username, groups } = userInfo;
  const listed: readonly unknown[] = Array.isArray(groups) ? groups : [];
  return {
    user: typeof username === 'string' ? username : '',
    groups: listed.filter((one) => typeof one === 'string'),
  };
}

/** Whether the client itself may do something. Throws an ApiError or a Failure. */
export function isSelfAllowed(client: ApiClient, action: Action): Promise<boolean> {
  return reviewed(client, { kind: 'SelfSubjectAccessReview', spec: attributes(action) });
}

/**
 * Whether somebody else may do something, in a namespace where the action names one, as its administrator
 * may ask too. Throws an ApiError, 403 where the client may not ask, or a Failure.
 */
export function isAllowed(client: ApiClient, subject: Subject, action: Action): Promise<boolean> {
  const { user, groups } = subject;
  const spec = { user, groups: [...groups], ...attributes(action) };
  const { namespace = '' } = action;
  return namespace === ''
    ? reviewed(client, { kind: 'SubjectAccessReview', spec })
    : reviewed(client, { kind: 'LocalSubjectAccessReview', namespace, spec });
}

function attributes({ verb, resource, namespace = '', name = '' }: Action): JsonObject {
  return { resourceAttributes: { group: '', verb, resource, namespace, name } };
}

interface Review {
  readonly kind: string;
  readonly namespace?: string;
  readonly spec: JsonObject;
}

async function reviewed(client: ApiClient, review: Review): Promise<boolean> {
  const { kind, namespace, spec } = review;
  const place = namespace === undefined ? '' : `namespaces/${namespace}/`;
  const path = `/apis/${AUTHORIZATION}/${place}${kind.toLowerCase()}s`;
  const metadata = namespace === undefined ? {} : { metadata: { namespace } };
  const answer = await client.post(path, { kind, apiVersion: AUTHORIZATION, ...metadata, spec });
  const { status } = answer;
  const allowed = isJsonObject(status) ? status['allowed'] : undefined;
  if (answer['kind'] === kind && typeof allowed === 'boolean') return allowed;
  throw unexpectedKind(path, answer['kind'], kind);
}
