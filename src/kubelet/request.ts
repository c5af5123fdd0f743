import { Failure } from '../diagnostics/errors.ts';
import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { quote } from '../diagnostics/quote.ts';

const GROUP = 'credentialprovider.kubelet.k8s.io';
const VERSIONS: readonly string[] = ['v1', 'v1beta1', 'v1alpha1'];
const NO_ANNOTATIONS: ReadonlyMap<string, string> = new Map();

/** A reference has at most 255 characters of name, 128 of tag and a digest. */
const LONGEST_IMAGE = 4096;

/** The most that is read of a request, in bytes; the kubelet's own are a few kilobytes. */
export const LARGEST_REQUEST = 1024 * 1024;

/**
 * What the kubelet asks: CredentialProviderRequest of `credentialprovider.kubelet.k8s.io`. The image is
 * the repository's name without tag or digest, because the kubelet parses the reference first.
 */
export interface CredentialProviderRequest {
  readonly apiVersion: string;
  readonly image: string;
  readonly serviceAccountToken?: string;
  readonly serviceAccountAnnotations: ReadonlyMap<string, string>;
}

/** A request that cannot be used; `reason` says why, in a clause. */
export class InvalidRequest extends Failure {
  readonly reason: string;

  constructor(reason: string) {
    super(
      `cannot use the credential provider request on standard input: ${reason}; ` +
        "check the provider's entry in the kubelet's CredentialProviderConfig, " +
        'or pipe in a CredentialProviderRequest as JSON',
    );
    this.name = 'InvalidRequest';
    this.reason = reason;
  }
}

/**
 * Decodes a request. `typeMeta: 'optional'` also takes one without kind and apiVersion, as v1.
 * Throws an InvalidRequest that names the field; the text itself is never shown, because it holds a token.
 */
export function decodeRequest(
  text: string,
  typeMeta: 'required' | 'optional' = 'required',
): CredentialProviderRequest {
  const fields = parseObject(text);
  const apiVersion = apiVersionOf(fields, typeMeta);
  const token = optionalString(fields, 'serviceAccountToken');
  return {
    apiVersion,
    image: imageOf(fields),
    ...(token === undefined || token === '' ? {} : { serviceAccountToken: token }),
    serviceAccountAnnotations: annotationsOf(fields['serviceAccountAnnotations']),
  };
}

function parseObject(text: string): JsonObject {
  if (text.trim() === '') throw malformed('it is empty');
  const value = parseJson(text);
  if (!isJsonObject(value)) throw malformed('it is no JSON object');
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own message may quote the text.
    throw malformed(
      error instanceof RangeError ? 'it is nested too deeply' : 'it is no complete JSON document',
    );
  }
}

function apiVersionOf(fields: JsonObject, typeMeta: 'required' | 'optional'): string {
  const kind = optionalString(fields, 'kind');
  const apiVersion = optionalString(fields, 'apiVersion');
  if (kind !== 'CredentialProviderRequest' && !(typeMeta === 'optional' && kind === undefined)) {
    throw malformed(`its kind is ${shown(kind)}, not "CredentialProviderRequest"`);
  }
  if (apiVersion === undefined && typeMeta === 'optional') return `${GROUP}/v1`;
  const [group, version, ...rest] = (apiVersion ?? '').split('/');
  if (group === GROUP && rest.length === 0 && VERSIONS.includes(version ?? ''))
    return `${group}/${version}`;
  const known = VERSIONS.map((one) => `${GROUP}/${one}`).join(', ');
  throw malformed(`its apiVersion is ${shown(apiVersion)}; known are ${known}`);
}

function imageOf(fields: JsonObject): string {
  const image = optionalString(fields, 'image');
  if (image === undefined || image === '') throw malformed('it names no image');
  if (image.length > LONGEST_IMAGE) {
    throw malformed(`its image has more than ${LONGEST_IMAGE} characters`);
  }
  return image;
}

function annotationsOf(value: unknown): ReadonlyMap<string, string> {
  if (value === undefined || value === null) return NO_ANNOTATIONS;
  if (!isJsonObject(value)) throw malformed('serviceAccountAnnotations is no object');
  const annotations = new Map<string, string>();
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw malformed(`the annotation ${quote(name)} is no string`);
    annotations.set(name, text);
  }
  return annotations;
}

function optionalString(fields: JsonObject, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw malformed(`${name} is no string`);
  return value;
}

function shown(value: string | undefined): string {
  return value === undefined ? 'missing' : quote(value);
}

function malformed(reason: string): InvalidRequest {
  return new InvalidRequest(reason);
}
