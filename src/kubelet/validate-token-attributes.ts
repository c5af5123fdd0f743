import {
  TOKEN_API_VERSION,
  TOKEN_CACHE_TYPES,
  type TokenAttributes,
} from './credential-provider-config.ts';
import type { DocumentPath } from './document-tree.ts';
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  required,
  unsupported,
} from './field-error.ts';
import { qualifiedNameErrors } from './qualified-name.ts';

/** Checks a provider's `tokenAttributes` by the kubelet's rules, in its order and words. */
export function tokenAttributesErrors(
  attributes: TokenAttributes,
  apiVersion: string,
): readonly FieldError[] {
  return [
    ...presenceErrors(attributes),
    ...(apiVersion === TOKEN_API_VERSION
      ? []
      : [
          forbidden(
            TOKEN_ATTRIBUTES,
            `tokenAttributes is only supported for ${TOKEN_API_VERSION} API version`,
          ),
        ]),
    ...requiredKeysErrors(attributes),
    ...annotationKeyErrors(REQUIRED_KEYS, attributes.requiredServiceAccountAnnotationKeys),
    ...annotationKeyErrors(OPTIONAL_KEYS, attributes.optionalServiceAccountAnnotationKeys),
    ...requiredAndOptionalErrors(attributes),
    ...cacheTypeErrors(attributes.cacheType),
  ];
}

const TOKEN_ATTRIBUTES: DocumentPath = ['tokenAttributes'];
const REQUIRED_KEYS = field('requiredServiceAccountAnnotationKeys');
const OPTIONAL_KEYS = field('optionalServiceAccountAnnotationKeys');
const CACHE_TYPE = field('cacheType');

function field(name: string): DocumentPath {
  return [...TOKEN_ATTRIBUTES, name];
}

function presenceErrors(attributes: TokenAttributes): readonly FieldError[] {
  return [
    ...(attributes.serviceAccountTokenAudience === ''
      ? [required(field('serviceAccountTokenAudience'))]
      : []),
    ...(attributes.requireServiceAccount === undefined
      ? [required(field('requireServiceAccount'))]
      : []),
  ];
}

function requiredKeysErrors(attributes: TokenAttributes): readonly FieldError[] {
  const keys = attributes.requiredServiceAccountAnnotationKeys;
  if (attributes.requireServiceAccount !== false || keys.length === 0) return [];
  const reason =
    'requireServiceAccount cannot be false when requiredServiceAccountAnnotationKeys is set';
  return [forbidden(REQUIRED_KEYS, reason)];
}

/** Annotation keys may be of either case, and are otherwise qualified names. Go has one small letter for \u0130. */
function annotationKeyErrors(path: DocumentPath, keys: readonly string[]): readonly FieldError[] {
  return keys.flatMap((key, index) => [
    ...qualifiedNameErrors(key.replaceAll('\u0130', 'i').toLowerCase()).map((reason) =>
      invalid([...path, index], JSON.stringify(key), reason),
    ),
    ...(keys.indexOf(key) < index ? [duplicate([...path, index], key)] : []),
  ]);
}

function requiredAndOptionalErrors(attributes: TokenAttributes): readonly FieldError[] {
  const optional = new Set(attributes.optionalServiceAccountAnnotationKeys);
  const both = new Set(
    attributes.requiredServiceAccountAnnotationKeys.filter((key) => optional.has(key)),
  );
  if (both.size === 0) return [];
  const shown = JSON.stringify([...both].sort());
  return [invalid(TOKEN_ATTRIBUTES, shown, 'annotation keys cannot be both required and optional')];
}

function cacheTypeErrors(cacheType: string): readonly FieldError[] {
  if (TOKEN_CACHE_TYPES.includes(cacheType)) return [];
  if (cacheType !== '') return [unsupported(CACHE_TYPE, cacheType, TOKEN_CACHE_TYPES)];
  const allowed = TOKEN_CACHE_TYPES.join(', ');
  const reason = 'cacheType is required to be set when tokenAttributes is specified.';
  return [required(CACHE_TYPE, `${reason} Supported values are: ${allowed}`)];
}
