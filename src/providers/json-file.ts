import { Failure } from '../diagnostics/errors.ts';
import { positionAt } from '../diagnostics/position.ts';
import { quote } from '../diagnostics/quote.ts';

/**
 * Decodes a file's content as JSON in UTF-8; `path` is for messages. Throws a Failure with line and
 * column; the parser's own message would quote what may be a password.
 */
export async function parseJsonFile(bytes: Uint8Array, path: string): Promise<unknown> {
  const text = decodeUtf8(bytes, path);
  if (text.trim() === '') throw malformed(path, 'it is empty');
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(path, `it is no JSON document${await placeOfError(text)}`);
  }
}

function decodeUtf8(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed(path, 'it is no text in UTF-8');
  }
}

async function placeOfError(text: string): Promise<string> {
  // Loaded after an error only: the plugin's start-up is most of its work.
  const { readJson } = await import('../kubelet/read-json.ts');
  const result = readJson(text);
  if (!('message' in result)) return '';
  const { line, column } = positionAt(text, result.offset);
  return `, from line ${line}, column ${column} on`;
}

function malformed(path: string, reason: string): Failure {
  return new Failure(
    `cannot use the credential file ${quote(path)}: ${reason}; mend it or write it anew with pullkey credentials`,
  );
}
