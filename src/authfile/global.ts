import { Failure } from '../diagnostics/errors.ts';
import { isJsonObject, type JsonObject } from '../diagnostics/json.ts';
import { quote } from '../diagnostics/quote.ts';
import { readRegularFile, unreadableReason } from '../diagnostics/read-file.ts';
import { utf8Text } from '../diagnostics/utf8.ts';

/**
 * The entries of the kubelet's global auth file by key, undecoded; none where the file is missing.
 * Throws a Failure where it cannot be read, is larger than 16 MiB or no auth file (containers-auth.json(5)).
 */
export function readGlobalAuthFile(path: string): JsonObject {
  const text = read(path);
  if (text === undefined) return {};
  const document = parse(text, path);
  const auths = isJsonObject(document) ? (document['auths'] ?? {}) : document;
  if (!isJsonObject(auths))
    throw broken(path, isJsonObject(document) ? 'its auths is no object' : 'it is no JSON object');
  return auths;
}

function read(path: string): string | undefined {
  try {
    const bytes = readRegularFile(path);
    return bytes && utf8Text(bytes);
  } catch (error) {
    throw new Failure(
      `cannot read the global auth file ${quote(path)}: ${unreadableReason(error)}; ` +
        'make it readable for root or name another with --kubelet-auth-file',
    );
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    // The parser's message may quote a password.
    throw broken(path, 'it is no complete JSON document');
  }
}

function broken(path: string, reason: string): Failure {
  return new Failure(
    `cannot use the global auth file ${quote(path)}: ${reason}; ` +
      'mend it or name another with --kubelet-auth-file',
  );
}
