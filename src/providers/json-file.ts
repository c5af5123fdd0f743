import { Failure } from '../diagnostics/errors.ts';
import { positionAt } from '../diagnostics/position.ts';
import { quote } from '../diagnostics/quote.ts';

/** A file, for messages. */
export interface JsonFile {
  readonly path: string;
  /** What to do where it is broken. */
  readonly remedy: string;
}

/**
 * Decodes a file's content as JSON in UTF-8. Throws a Failure with line and column; the parser's own
 * message would quote what may be a password.
 */
export async function parseJsonFile(bytes: Uint8Array, file: JsonFile): Promise<unknown> {
  const text = decodeUtf8(bytes, file);
  if (text.trim() === '') throw brokenFile(file, 'is empty');
  try {
    return JSON.parse(text);
  } catch {
    throw brokenFile(file, `is no JSON document${await placeOfError(text)}`);
  }
}

/** The failure for a file that cannot be used; the problem is to be read after "it". */
export function brokenFile({ path, remedy }: JsonFile, problem: string): Failure {
  return new Failure(`cannot use the credential file ${quote(path)}: it ${problem}; ${remedy}`);
}

function decodeUtf8(bytes: Uint8Array, file: JsonFile): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw brokenFile(file, 'is no text in UTF-8');
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
