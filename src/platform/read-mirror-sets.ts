import { Failure } from '../diagnostics/errors.ts';
import { positionAt } from '../diagnostics/position.ts';
import { quote } from '../diagnostics/quote.ts';
import {
  type DocumentNode,
  fieldOf,
  isDocumentError,
  itemsOf,
  textOf,
  textsOf,
} from '../kubelet/document-tree.ts';
import { repeatedFields } from '../kubelet/go-struct.ts';
import { readYamlStream } from '../kubelet/read-yaml.ts';
import type { MirrorSet } from './mirror-sets.ts';

/** Where an API's mirrors stand in its spec, and for which pulls they are. */
interface MirrorSetKind {
  readonly list: string;
  readonly pullFromMirror: MirrorSet['pullFromMirror'];
}

const KINDS: ReadonlyMap<string, MirrorSetKind> = new Map([
  ['ImageDigestMirrorSet', { list: 'imageDigestMirrors', pullFromMirror: 'digest-only' }],
  ['ImageTagMirrorSet', { list: 'imageTagMirrors', pullFromMirror: 'tag-only' }],
  ['ImageContentSourcePolicy', { list: 'repositoryDigestMirrors', pullFromMirror: 'digest-only' }],
]);

/**
 * Reads the mirror sets of a file: YAML documents or JSON, Lists (as `oc get -o yaml` prints them)
 * taken apart. Throws a Failure with the place of what is no mirror set, or has no source or mirrors.
 */
export function readMirrorSets(file: string, text: string): readonly MirrorSet[] {
  return new MirrorSetReader(file, text).read();
}

class MirrorSetReader {
  readonly #file: string;
  readonly #text: string;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  read(): readonly MirrorSet[] {
    const documents = readYamlStream(this.#text);
    if (isDocumentError(documents)) throw this.#failure(documents, documents.message);
    for (const { nameOffset, path } of documents.flatMap((one) => repeatedFields(one))) {
      throw this.#failure({ offset: nameOffset }, `${quote(path)} stands here once more`);
    }
    const objects = documents.flatMap(listItems);
    if (objects.length === 0) throw this.#failure({ offset: 0 }, 'it holds no mirror set');
    return objects.flatMap((object) => this.#setsOf(object));
  }

  #setsOf(object: DocumentNode): readonly MirrorSet[] {
    const kind = KINDS.get(textOf(object, 'kind'));
    if (kind === undefined) {
      const found = quote(textOf(object, 'kind'));
      throw this.#failure(object, `its kind is ${found}; read are ${[...KINDS.keys()].join(', ')}`);
    }
    const spec = fieldOf(object, 'spec');
    const entries = spec === undefined ? [] : itemsOf(spec, kind.list);
    return entries.map((entry) => this.#setOf(entry, kind));
  }

  #setOf(entry: DocumentNode, { pullFromMirror }: MirrorSetKind): MirrorSet {
    const source = textOf(entry, 'source');
    if (source === '') throw this.#failure(entry, 'this entry has no source');
    const mirrors = textsOf(entry, 'mirrors');
    if (mirrors.includes('')) throw this.#failure(entry, 'a mirror of this entry is no text');
    const policy = textOf(entry, 'mirrorSourcePolicy');
    return { source, mirrors, pullFromMirror, neverContactSource: policy === 'NeverContactSource' };
  }

  #failure({ offset }: { readonly offset: number }, problem: string): Failure {
    const { line, column } = positionAt(this.#text, offset);
    return new Failure(`${this.#file}:${line}:${column}: ${problem}`);
  }
}

function listItems(document: DocumentNode): readonly DocumentNode[] {
  return textOf(document, 'kind').endsWith('List') ? itemsOf(document, 'items') : [document];
}
