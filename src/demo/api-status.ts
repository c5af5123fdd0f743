import { type FieldError, fieldName } from '../platform/custom-resource/field-error.ts';
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
      ...(reason === '' ? {} : { reason }),
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

/** For what a kind of object cannot do. */
export function methodNotSupported(resource: Resource, verb: string): StatusError {
  const message = `${verb} is not supported on resources of kind "${qualified(resource)}"`;
  const details = {
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
  };
  return new StatusError(405, 'MethodNotAllowed', message, { details });
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const types = accepted.join(', ');
  const message = `the body of the request was in an unknown format - accepted media types include: ${types}`;
  return new StatusError(415, 'UnsupportedMediaType', message, { details: {} });
}

/** An object that breaks rules of its kind: all of them in one sentence, and each as a cause. */
export function invalidObject(
  { group, kind }: { readonly group: string; readonly kind: string },
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const told = errors.map(({ path, message }) => `${fieldName(path)}: ${message}`);
  const messages = [...new Set(told)];
  const all = messages.length === 1 ? messages.join() : `[${messages.join(', ')}]`;
  const qualifiedKind = group === '' ? kind : `${kind}.${group}`;
  const causes = errors.map(({ reason, message, path }) => ({
    reason,
    message,
    field: fieldName(path),
  }));
  return new StatusError(422, 'Invalid', `${qualifiedKind} "${name}" is invalid: ${all}`, {
    details: { name, group, kind, causes },
  });
}

/** A patch that does not fit the object. */
export function patchDoesNotFit(): StatusError {
  const message = 'the server rejected our request due to an error in our request';
  return new StatusError(422, 'Invalid', message, { details: {} });
}

/** Server-side apply of fields that others own. */
export function applyConflict(
  conflicts: readonly { readonly owner: string; readonly field: string }[],
): StatusError {
  const causes = conflicts.map(({ owner, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${owner}`,
    field,
  }));
  const [only] = conflicts;
  const message =
    conflicts.length === 1 && only !== undefined
      ? `Apply failed with 1 conflict: conflict with ${only.owner}: ${only.field}`
      : `Apply failed with ${conflicts.length} conflicts: ${conflictList(conflicts)}`;
  return new StatusError(409, 'Conflict', message, { details: { causes } });
}

function conflictList(
  conflicts: readonly { readonly owner: string; readonly field: string }[],
): string {
  return Object.entries(Object.groupBy(conflicts, ({ owner }) => owner))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([owner, fields = []]) => [
      `conflicts with ${owner}:`,
      ...fields.map(({ field }) => `- ${field}`),
    ])
    .join('\n');
}

/** An error that the API server has no class for. */
export function unclassified(message: string): StatusError {
  return new StatusError(500, '', message);
}

/** What the API server takes for a defect of its own. */
export function internalError(message: string): StatusError {
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, {
    details: { causes: [{ message }] },
  });
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
