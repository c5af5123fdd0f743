import { gunzipSync } from 'node:zlib';
import { type DocumentNode, fieldOf, itemsOf, textOf } from '../kubelet/document-tree.ts';
import { dataUrlProblem } from './butane/data-url-syntax.ts';

/** One of `storage.files` of an Ignition configuration. */
export interface IgnitionFileEntry {
  readonly path: string;
  /** Its entry in the document. */
  readonly node: DocumentNode;
  /** The decoded content; undefined where it has none, or `problem` says why. */
  readonly content: Uint8Array | undefined;
  readonly problem?: string;
}

const LARGEST_CONTENT = 16 * 1024 * 1024;

/** The files of an Ignition 3 configuration, contents decoded from their data URLs. */
export function ignitionFiles(config: DocumentNode): readonly IgnitionFileEntry[] {
  const storage = fieldOf(config, 'storage');
  const files = storage === undefined ? [] : itemsOf(storage, 'files');
  return files.map((node) => ({ path: textOf(node, 'path'), node, ...contentOf(node) }));
}

function contentOf(file: DocumentNode): Pick<IgnitionFileEntry, 'content' | 'problem'> {
  const contents = fieldOf(file, 'contents');
  const source = contents === undefined ? '' : textOf(contents, 'source');
  if (contents === undefined || source === '') return { content: undefined };
  const problem = dataUrlProblem(source);
  if (problem !== undefined)
    return { content: undefined, problem: `its source is no data URL: ${problem}` };
  const bytes = dataUrlBytes(source);
  if (textOf(contents, 'compression') !== 'gzip') return { content: bytes };
  try {
    return { content: gunzipSync(bytes, { maxOutputLength: LARGEST_CONTENT }) };
  } catch {
    return { content: undefined, problem: 'its content is not gzip, as compression says' };
  }
}

function dataUrlBytes(url: string): Uint8Array {
  const comma = url.indexOf(',');
  const data = url.slice(comma + 1);
  if (url.slice(0, comma).endsWith(';base64')) return Buffer.from(data, 'base64');
  const latin1 = data.replace(/%([0-9A-Fa-f]{2})|[^\x00-\x7f]/g, (character, hex?: string) =>
    hex === undefined
      ? Buffer.from(character).toString('latin1')
      : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(latin1, 'latin1');
}
