import { parseDuration } from '../kubelet/duration.ts';
import { answerReview, reviewOf } from './api-access-review.ts';
import type { Cluster } from './api-cluster.ts';
import { answerDelete, answerDeleteAll } from './api-delete.ts';
import { answerPath, isServed } from './api-discovery.ts';
import type { Identity } from './api-identity.ts';
import { listPage } from './api-list.ts';
import { type RequestInfo, readRequest } from './api-request.ts';
import type { Resource } from './api-resources.ts';
import { type Answer, addWarning, respond, respondToError } from './api-response.ts';
import {
  badRequest,
  methodNotAllowed,
  methodNotSupported,
  notFound,
  StatusError,
  unknownResource,
  unsupportedMediaType,
} from './api-status.ts';
import { requestToken } from './api-token-request.ts';
import {
  answerCreate,
  answerPatch,
  answerUpdate,
  type WriteRequest,
} from './api-write-requests.ts';

/** Answers one authenticated request. @throws StatusError for every refusal. */
export async function route(
  cluster: Cluster,
  identity: Identity,
  request: Request,
): Promise<Response> {
  const url = new URL(request.url);
  const info = readRequest(request.method, url);
  if (info === undefined) return answerOutsideResources(cluster, identity, request, url.pathname);
  checkTimeout(url);
  if (!cluster.permissions.allows(identity, info)) throw forbidden(identity, info);
  return answerWithWarnings(cluster, identity, request, info);
}

/** @throws StatusError 400 for a timeout that is none. */
function checkTimeout({ searchParams }: URL): void {
  const duration = parseDuration(searchParams.get('timeout') || '0');
  if (typeof duration === 'bigint') return;
  throw badRequest(`invalid timeout specified in the request URL - ${duration.error}`);
}

/** A refusal carries its warnings too. */
async function answerWithWarnings(
  cluster: Cluster,
  identity: Identity,
  request: Request,
  info: RequestInfo,
): Promise<Response> {
  const warnings = new Set<string>();
  const response = await answerResource(cluster, identity, info, { request, warnings })
    .then(({ status, body }) => respond(request, status, body))
    .catch((error: unknown) => respondToError(request, error));
  for (const warning of warnings) addWarning(response, warning);
  return response;
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

async function answerResource(
  cluster: Cluster,
  identity: Identity,
  info: RequestInfo,
  received: Pick<WriteRequest, 'request' | 'warnings'>,
): Promise<Answer> {
  const { request } = received;
  const review = reviewOf(info);
  if (review !== undefined) {
    const asked = { ...review, namespace: info.namespace };
    const body = answerReview(cluster.permissions, identity, asked, await readJson(request));
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
  checkSubresource(resource, info);
  return answerObject({ ...received, store: cluster.store, resource, info });
}

/** @throws StatusError for a subresource that is not there, or not for this. */
function checkSubresource(resource: Resource, { subresource, name, verb }: RequestInfo): void {
  if (subresource === '') return;
  if (resource.schema === undefined) throw unknownResource();
  if (subresource !== 'status') throw notFound(resource, name);
  if (verb === 'create' || verb === 'delete') throw methodNotSupported(resource, verb);
}

function missing(cluster: Cluster, info: RequestInfo): Answer {
  if (isServed(cluster.store.resources, info.group, info.version)) throw unknownResource();
  return { status: 404, body: '404 page not found\n' };
}

async function answerObject(asked: WriteRequest): Promise<Answer> {
  const { store, resource, info, request } = asked;
  const namespace = resource.namespaced ? info.namespace : '';
  switch (info.verb) {
    case 'get':
      return { status: 200, body: store.need(resource, namespace, info.name) };
    case 'list': {
      const { searchParams } = new URL(request.url);
      return { status: 200, body: listPage(store, resource, namespace, searchParams) };
    }
    case 'create':
      return answerCreate(asked);
    case 'update':
      return answerUpdate(asked);
    case 'patch':
      return answerPatch(asked);
    case 'delete':
      return answerDelete(asked);
    case 'deletecollection':
      return answerDeleteAll(asked);
    default:
      throw methodNotAllowed();
  }
}

async function readJson(request: Request): Promise<unknown> {
  if (!/\bjson\b/.test(request.headers.get('content-type') ?? 'json')) {
    throw unsupportedMediaType(['application/json']);
  }
  try {
    return await request.json();
  } catch {
    throw badRequest('the object provided is unrecognized (must be of type JSON)');
  }
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
