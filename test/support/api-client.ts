import { type ApiObject, fieldAt } from '../../src/demo/api-object.ts';
import type { ApiServer } from '../../src/demo/api-server.ts';
import { isJsonObject } from '../../src/diagnostics/json.ts';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface CallOptions {
  /** The administrator's by default; an empty one sends none. */
  readonly token?: string;
  readonly method?: string;
  readonly body?: unknown;
}

export type Call = (path: string, options?: CallOptions) => Promise<Answer>;

/** Asks an API server's stand-in, as plainly as possible. */
export function apiClient(server: ApiServer): Call {
  return async (path, { token = server.adminToken, method = 'GET', body } = {}) => {
    const response = await fetch(server.url + path, {
      method,
      headers: token === '' ? {} : { Authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      tls: { ca: server.certificateAuthority, rejectUnauthorized: true },
    });
    const answer: unknown = await response.json();
    return { status: response.status, body: isJsonObject(answer) ? answer : {} };
  };
}

/** The names in a list, in its order. */
export function names({ body }: Answer): unknown[] {
  const items = body['items'];
  return Array.isArray(items) ? items.map((item) => fieldAt(item, 'metadata.name')) : [];
}

/** A pull secret without credentials. */
export function secret(
  name: string,
  namespace: string,
  type = 'kubernetes.io/dockerconfigjson',
): ApiObject {
  const data = { '.dockerconfigjson': 'e30=' };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type, data };
}
