import { foldCase } from '../diagnostics/fold-case.ts';
import type { DocumentNode } from './document-tree.ts';

/** A document's group, version and kind. */
export interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * Reads kind and apiVersion of a document as Kubernetes' decoder does before anything else: the names
 * match in any case. Returns the reason, in Go's words, where they cannot be read.
 */
export function typeMetaOf(root: DocumentNode): TypeMeta | { readonly error: string } {
  if (root.type === 'null') return { apiVersion: '', kind: '' };
  if (root.type !== 'object') {
    return parseError(
      `json: cannot unmarshal ${goKind(root)} into Go value of type ${META_STRUCT}`,
    );
  }
  const meta = { apiVersion: '', kind: '' };
  for (const { name, value } of root.fields) {
    const field = META_FIELDS.get(foldCase(name));
    if (field === undefined || value.type === 'null') continue;
    if (value.type !== 'string') {
      return parseError(
        `json: cannot unmarshal ${goKind(value)} into Go struct field .${field} of type string`,
      );
    }
    meta[field] = String(value.value);
  }
  const slashes = meta.apiVersion.split('/').length - 1;
  if (slashes > 1) return { error: `unexpected GroupVersion string: ${meta.apiVersion}` };
  return meta;
}

const META_STRUCT = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;

const META_FIELDS: ReadonlyMap<string, 'apiVersion' | 'kind'> = new Map([
  ['apiversion', 'apiVersion'],
  ['kind', 'kind'],
]);

function goKind(node: DocumentNode): string {
  return node.type === 'boolean' ? 'bool' : node.type;
}

function parseError(message: string): { readonly error: string } {
  return { error: typeMetaParseError(message) };
}

/** How Kubernetes' decoder reports a document that is no JSON. */
export function typeMetaParseError(message: string): string {
  return `couldn't get version/kind; json parse error: ${message}`;
}
