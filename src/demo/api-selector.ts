import { type ApiObject, fieldAt } from './api-object.ts';
import type { Resource } from './api-resources.ts';
import { badRequest } from './api-status.ts';

/** One term of a selector, such as `type=kubernetes.io/dockerconfigjson`. */
export interface Term {
  readonly label: string;
  /** False for `!=`. */
  readonly equal: boolean;
  readonly value: string;
}

const ALWAYS = ['metadata.name', 'metadata.namespace'];

/** Reads `a=b,c!=d` (`==` is `=`). @throws StatusError 400 for a term without an operator. */
export function parseSelector(text: string): Term[] {
  return text
    .split(',')
    .filter((term) => term !== '')
    .map((term) => {
      const parts = /^([^=!]+)(!=|==?)(.*)$/.exec(term);
      if (parts === null) {
        throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
      }
      const [, label = '', operator, value = ''] = parts;
      return { label: label.trim(), equal: operator !== '!=', value };
    });
}

/** Keeps the objects that a list's `fieldSelector` and `labelSelector` select. */
export function select(
  objects: readonly ApiObject[],
  resource: Resource,
  query: URLSearchParams,
): ApiObject[] {
  const fields = parseSelector(query.get('fieldSelector') ?? '');
  for (const { label } of fields) {
    if (![...ALWAYS, ...resource.fields].includes(label)) {
      throw badRequest(resource.unknownField(label));
    }
  }
  const labels = parseSelector(query.get('labelSelector') ?? '');
  return objects.filter(
    (object) =>
      fields.every((term) => matches(fieldAt(object, term.label), term)) &&
      labels.every((term) => matches(object.metadata.labels?.[term.label], term)),
  );
}

function matches(found: unknown, term: Term): boolean {
  return (String(found ?? '') === term.value) === term.equal;
}
