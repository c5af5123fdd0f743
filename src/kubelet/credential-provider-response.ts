import { type DocumentNode, fieldOf, isDocumentError, textOf } from './document-tree.ts';
import { type Nanoseconds, parseDuration } from './duration.ts';
import { goQuote } from './go-quote.ts';
import { decodingProblems, GO_DURATION, GO_STRING, type GoStruct, goStruct } from './go-struct.ts';
import { readJson } from './read-json.ts';
import type { ResponseCredential } from './response.ts';
import { typeMetaOf, typeMetaParseError } from './type-meta.ts';

/** A plugin's answer as the kubelet decoded it; only then it looks at what the values mean. */
export interface DecodedResponse {
  /** As written; see cacheKeyTypeError. */
  readonly cacheKeyType: string;
  /** Undefined: the provider's default counts. */
  readonly cacheDuration?: Nanoseconds;
  readonly auth: ReadonlyMap<string, ResponseCredential>;
}

export interface RefusedResponse {
  /** The kubelet's message, which hides what the decoder found because the answer holds credentials. */
  readonly error: string;
  /** What the decoder found, without the answer's text. */
  readonly reason: string;
}

/**
 * Decodes what a plugin wrote to standard output as the kubelet does: one JSON document, of exactly the
 * provider's apiVersion, with no unknown or repeated field. Source of the rule: Kubernetes
 * pkg/credentialprovider/plugin, ExecPlugin (1.36).
 */
export function decodeResponse(
  stdout: string,
  apiVersion: string,
): DecodedResponse | RefusedResponse {
  const root = readJson(stdout);
  if (isDocumentError(root)) return unreadableType(typeMetaParseError(root.message));
  const meta = typeMetaOf(root);
  if ('error' in meta) return unreadableType(meta.error);
  const actual = meta.apiVersion.replace(/^\//, '');
  if (actual !== apiVersion) {
    const error =
      'apiVersion from credential plugin response did not match expected ' +
      `apiVersion:${apiVersion}, actual apiVersion:${actual}`;
    return { error, reason: error };
  }
  const reason = kindProblem(meta.kind, apiVersion) ?? strictProblem(root, apiVersion);
  if (reason === undefined) return responseOf(root);
  return { error: 'error decoding credential provider plugin response from stdout', reason };
}

function unreadableType(reason: string): RefusedResponse {
  return { error: `error reading GVK from response: ${reason}`, reason };
}

function kindProblem(kind: string, apiVersion: string): string | undefined {
  if (kind === 'CredentialProviderResponse') return undefined;
  if (kind === '') return "Object 'Kind' is missing";
  return `no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion)}`;
}

function strictProblem(root: DocumentNode, apiVersion: string): string | undefined {
  const { wrongValues, strictErrors } = decodingProblems(root, responseStruct(apiVersion));
  if (wrongValues[0] !== undefined) return wrongValues[0].message;
  if (strictErrors.length === 0) return undefined;
  return `strict decoding error: ${strictErrors.map(({ message }) => message).join(', ')}`;
}

function responseStruct(apiVersion: string): GoStruct {
  const version = apiVersion.replace(/^.*\//, '');
  const entry = goStruct(`${version}.AuthConfig`, { username: GO_STRING, password: GO_STRING });
  return goStruct(`${version}.CredentialProviderResponse`, {
    kind: GO_STRING,
    apiVersion: GO_STRING,
    cacheKeyType: { is: 'string', goName: `${version}.PluginCacheKeyType` },
    cacheDuration: GO_DURATION,
    auth: { is: 'map', goName: `map[string]${entry.goName}`, of: entry },
  });
}

function responseOf(root: DocumentNode): DecodedResponse {
  const duration = parseDuration(textOf(root, 'cacheDuration'));
  const auth = fieldOf(root, 'auth');
  const fields = auth?.type === 'object' ? auth.fields : [];
  return {
    cacheKeyType: textOf(root, 'cacheKeyType'),
    ...(typeof duration === 'bigint' ? { cacheDuration: duration } : {}),
    auth: new Map(
      fields.map(({ name, value }) => [
        name,
        { username: textOf(value, 'username'), password: textOf(value, 'password') },
      ]),
    ),
  };
}
