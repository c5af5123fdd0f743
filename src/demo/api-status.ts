import type { Resource } from './api-resources.ts';

export interface StatusDetails {
  readonly name?: string;
  readonly kind?: string;
  readonly [field: string]: unknown;
}

/** A refusal as the API server words it: thrown anywhere below a route, sent as a `Status` object. */
export class StatusError extends Error {
  readonly code: number;
  readonly body: Record<string, unknown>;

  constructor(
    code: number,
    reason: string,
    message: string,
    rest: { details?: StatusDetails; metadata?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.name = 'StatusError';
    this.code = code;
    this.body = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: rest.metadata ?? {},
      status: 'Failure',
      message,
      reason,
      ...(rest.details === undefined ? {} : { details: rest.details }),
      code,
    };
  }
}

const OUTDATED_LIST =
  'The provided continue parameter is too old to display a consistent list result. You can start ' +
  'a new list without the continue parameter, or use the continue token in this response to ' +
  'retrieve the remainder of the results. Continuing with the provided token results in an ' +
  'inconsistent list - objects that were created, modified, or deleted between the time the first ' +
  'chunk was returned and now may show up in the list.';

/** `pods`, or `leases.coordination.k8s.io` outside the core group. */
function qualified(resource: Pick<Resource, 'plural' | 'group'>): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

function detailsOf(resource: Resource, name: string): StatusDetails {
  return {
    name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
  };
}

export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

/** For a path below a known group and version that no resource answers to. */
export function unknownResource(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {
    details: {},
  });
}

export function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    { details: {} },
  );
}

export function unsupportedMediaType(): StatusError {
  return new StatusError(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json',
    { details: {} },
  );
}

export function notFound(resource: Resource, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${qualified(resource)} "${name}" not found`, {
    details: detailsOf(resource, name),
  });
}

export function alreadyExists(resource: Resource, name: string): StatusError {
  return new StatusError(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, {
    details: detailsOf(resource, name),
  });
}

export function conflict(resource: Resource, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
  return new StatusError(409, 'Conflict', message, { details: detailsOf(resource, name) });
}

/** A refusal by an admission plugin, such as NodeRestriction. */
export function notAdmitted(resource: Resource, name: string, why: string): StatusError {
  const message = `${qualified(resource)} "${name}" is forbidden: ${why}`;
  return new StatusError(403, 'Forbidden', message, { details: detailsOf(resource, name) });
}

/** A list's second page that comes too late; the new token goes on, without consistency. */
export function outdatedContinue(newToken: string): StatusError {
  return new StatusError(410, 'Expired', OUTDATED_LIST, { metadata: { continue: newToken } });
}
