import { isJsonObject } from '../diagnostics/json.ts';

/** A Kubernetes object as it travels: its name and place, and whatever its kind adds. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** Whether a value holds what every object must hold: version, kind and a name. */
export function isApiObject(value: unknown): value is ApiObject {
  return (
    isJsonObject(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isJsonObject(value['metadata']) &&
    typeof value['metadata']['name'] === 'string'
  );
}

/** The value under a dotted path such as `spec.nodeName`; undefined where a step is missing. */
export function fieldAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, step) => (isJsonObject(inner) ? inner[step] : undefined), value);
}

/** The text under a dotted path; undefined for anything that is no text. */
export function textAt(value: unknown, path: string): string | undefined {
  const found = fieldAt(value, path);
  return typeof found === 'string' ? found : undefined;
}
