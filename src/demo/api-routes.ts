import { isJsonObject } from '../diagnostics/json.ts';
import { reviewAccess } from './api-access-review.ts';
import type { Cluster } from './api-cluster.ts';
import { answerPath, isServed } from './api-discovery.ts';
import type { Identity } from './api-identity.ts';
import { listPage } from './api-list.ts';
import { type ApiObject, isApiObject } from './api-object.ts';
import { type RequestInfo, readRequest } from './api-request.ts';
import { apiVersionOf, type Resource } from './api-resources.ts';
import { respond } from './api-response.ts';
import {
  badRequest,
  methodNotAllowed,
  type StatusDetails,
  StatusError,
  unknownResource,
  unsupportedMediaType,
} from './api-status.ts';
import { requestToken } from './api-token-request.ts';

/** Answers one authenticated request. @throws StatusError for every refusal. */
export async function route(
  cluster: Cluster,
  identity: Identity,
  request: Request,
): Promise<Response> {
  const url = new URL(request.url);
  const info = readRequest(request.method, url);
  if (info === undefined) return answerOutsideResources(cluster, identity, request, url.pathname);
  if (!cluster.permissions.allows(identity, info)) throw forbidden(identity, info);
  const { status, body } = await answerResource(cluster, identity, request, info);
  return respond(request, status, body);
}

function answerOutsideResources(
  cluster: Cluster,
  identity: Identity,
  request: Request,
  path: string,
): Response {
  if (!cluster.permissions.allowsPath(identity, path)) throw forbiddenPath(identity, request, path);
  const answer = answerPath(path, cluster.store.resources);
  return answer === undefined
    ? respond(request, 404, '404 page not found\n')
    : respond(request, 200, answer);
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function answerResource(
  cluster: Cluster,
  identity: Identity,
  request: Request,
  info: RequestInfo,
): Promise<Answer> {
  if (info.resource === 'selfsubjectaccessreviews' && info.verb === 'create') {
    const body = reviewAccess(cluster.permissions, identity, await readJson(request));
    return { status: 201, body };
  }
  const resource = cluster.store.resources.find(
    (one) => one.group === info.group && one.version === info.version && one.plural === info.plural,
  );
  if (resource === undefined) return missing(cluster, info);
  if (info.resource === 'serviceaccounts/token' && info.verb === 'create') {
    const body = requestToken(cluster, identity, info, await readJson(request));
    return { status: 201, body };
  }
  if (info.subresource !== '') throw unknownResource();
  return answerObject(cluster, request, info, resource);
}

function missing(cluster: Cluster, info: RequestInfo): Answer {
  if (isServed(cluster.store.resources, info.group, info.version)) throw unknownResource();
  return { status: 404, body: '404 page not found\n' };
}

async function answerObject(
  { store }: Cluster,
  request: Request,
  info: RequestInfo,
  resource: Resource,
): Promise<Answer> {
  const namespace = resource.namespaced ? info.namespace : '';
  switch (info.verb) {
    case 'get':
      return { status: 200, body: store.need(resource, namespace, info.name) };
    case 'list': {
      const { searchParams } = new URL(request.url);
      return { status: 200, body: listPage(store, resource, namespace, searchParams) };
    }
    case 'create':
      return {
        status: 201,
        body: store.create(resource, await readObject(request, info, resource)),
      };
    case 'update':
      return {
        status: 200,
        body: store.replace(resource, await readObject(request, info, resource)),
      };
    case 'delete':
      return { status: 200, body: deleted(store.delete(resource, namespace, info.name), resource) };
    default:
      throw methodNotAllowed();
  }
}

function deleted(object: ApiObject, resource: Resource): object {
  const { name, uid } = object.metadata;
  const details: StatusDetails = { name, kind: resource.plural, uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

async function readJson(request: Request): Promise<unknown> {
  if (!/\bjson\b/.test(request.headers.get('content-type') ?? 'json')) throw unsupportedMediaType();
  try {
    return await request.json();
  } catch {
    throw badRequest('the object provided is unrecognized (must be of type JSON)');
  }
}

/** The object in a request's body, checked against its path and put in its namespace. */
async function readObject(
  request: Request,
  info: RequestInfo,
  resource: Resource,
): Promise<ApiObject> {
  const body = await readJson(request);
  const defaults = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  const object: unknown = isJsonObject(body) ? { ...defaults, ...body } : body;
  if (!isApiObject(object)) throw badRequest('metadata.name: Required value');
  if (object.apiVersion !== defaults.apiVersion || object.kind !== defaults.kind) {
    throw badRequest(
      `the API version in the data (${object.apiVersion}, Kind=${object.kind}) does not match the expected API version (${defaults.apiVersion}, Kind=${defaults.kind})`,
    );
  }
  const { name, namespace = info.namespace } = object.metadata;
  if (resource.namespaced && namespace !== info.namespace) {
    throw badRequest(
      `the namespace of the provided object does not match the namespace sent on the request`,
    );
  }
  if (info.verb === 'update' && name !== info.name) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${info.name})`,
    );
  }
  const place = resource.namespaced ? info.namespace : '';
  return { ...object, metadata: { ...object.metadata, namespace: place } };
}

function forbidden(identity: Identity, info: RequestInfo): StatusError {
  const { group, resource, plural, namespace, name, verb } = info;
  const qualified = group === '' ? plural : `${plural}.${group}`;
  const object = name === '' ? qualified : `${qualified} "${name}"`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const message = `${object} is forbidden: User "${identity.name}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
  const details = {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind: plural,
  };
  return new StatusError(403, 'Forbidden', message, { details });
}

function forbiddenPath(identity: Identity, request: Request, path: string): StatusError {
  const verb = request.method.toLowerCase();
  const message = `forbidden: User "${identity.name}" cannot ${verb} path "${path}"`;
  return new StatusError(403, 'Forbidden', message, { details: {} });
}
