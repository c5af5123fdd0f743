import { isJsonObject, type JsonObject } from '../../diagnostics/json.ts';
import { type FieldError, invalid } from './field-error.ts';

const OWNERS = ['metadata', 'ownerReferences'];

/** What is wrong with an object's owners. Source of the rules: apimachinery, ValidateOwnerReferences. */
export function ownerErrors(references: unknown): readonly FieldError[] {
  const owners: readonly unknown[] = Array.isArray(references) ? references : [];
  let controller: string | undefined;
  return owners.filter(isJsonObject).flatMap((owner) => {
    const errors = errorsOfOwner(owner);
    if (owner['controller'] !== true) return errors;
    const name = `${owner['kind']}/${owner['name']}`;
    if (controller !== undefined) return [...errors, secondController(owners, controller, name)];
    controller = name;
    return errors;
  });
}

function secondController(owners: readonly unknown[], first: string, second: string): FieldError {
  const detail =
    'Only one reference can have Controller set to true. Found "true" in references for ' +
    `${first} and ${second}`;
  return invalid(OWNERS, owners, detail);
}

function errorsOfOwner(owner: JsonObject): readonly FieldError[] {
  const { apiVersion = '' } = owner;
  const version = versionOf(String(apiVersion));
  const empty = ['kind', 'name', 'uid'].filter((field) => (owner[field] ?? '') === '');
  return [
    ...(version === ''
      ? [invalid([...OWNERS, 'apiVersion'], apiVersion, 'version must not be empty')]
      : []),
    ...empty.map((field) => invalid([...OWNERS, field], '', 'must not be empty')),
    ...(apiVersion === 'v1' && owner['kind'] === 'Event' ? [eventError(owner)] : []),
  ];
}

/** Events own nothing. */
function eventError(owner: JsonObject): FieldError {
  return invalid(OWNERS, owner, '/v1, Kind=Event is disallowed from being an owner');
}

function versionOf(apiVersion: string): string {
  const [group = '', version, ...more] = apiVersion.split('/');
  return more.length > 0 ? '' : (version ?? group);
}
