import { Failure } from '../diagnostics/errors.ts';
import { positionAt } from '../diagnostics/position.ts';
import { quote } from '../diagnostics/quote.ts';
import {
  type DocumentNode,
  fieldOf,
  isDocumentError,
  itemsOf,
  textOf,
} from '../kubelet/document-tree.ts';
import {
  decodingProblems,
  GO_ANYTHING,
  GO_STRING,
  GO_STRINGS,
  type GoStruct,
  goStruct,
  repeatedFields,
} from '../kubelet/go-struct.ts';
import { readYamlStream } from '../kubelet/read-yaml.ts';
import type { MirrorSet } from './mirror-sets.ts';
import { mirrorProblem, prefixProblem } from './registry-scope.ts';

/** Where an API's mirrors stand in its spec, and for which pulls they are. */
interface MirrorSetKind {
  readonly list: string;
  readonly pullFromMirror: MirrorSet['pullFromMirror'];
  readonly type: GoStruct;
}

const POLICIES: readonly string[] = ['AllowContactingSource', 'NeverContactSource'];
const MIRRORS = { source: GO_STRING, mirrors: GO_STRINGS };
const MIRRORS_WITH_POLICY = { ...MIRRORS, mirrorSourcePolicy: GO_STRING };

// Source of the fields: openshift/api, config/v1 and operator/v1alpha1.
const KINDS: ReadonlyMap<string, MirrorSetKind> = new Map([
  [
    'ImageDigestMirrorSet',
    kindOf(
      'imageDigestMirrors',
      'digest-only',
      goStruct('ImageDigestMirrors', MIRRORS_WITH_POLICY),
    ),
  ],
  [
    'ImageTagMirrorSet',
    kindOf('imageTagMirrors', 'tag-only', goStruct('ImageTagMirrors', MIRRORS_WITH_POLICY)),
  ],
  [
    'ImageContentSourcePolicy',
    kindOf('repositoryDigestMirrors', 'digest-only', goStruct('RepositoryDigestMirrors', MIRRORS)),
  ],
]);

function kindOf(
  list: string,
  pullFromMirror: MirrorSet['pullFromMirror'],
  of: GoStruct,
): MirrorSetKind {
  const spec = goStruct('Spec', { [list]: { is: 'list', goName: `[]${of.goName}`, of } });
  const others = {
    apiVersion: GO_STRING,
    kind: GO_STRING,
    metadata: GO_ANYTHING,
    status: GO_ANYTHING,
  };
  return { list, pullFromMirror, type: goStruct('MirrorSet', { ...others, spec }) };
}

/**
 * Reads the mirror sets of a file: YAML documents or JSON, Lists (as `oc get -o yaml` prints them)
 * taken apart. Throws a Failure with the place of what is no mirror set, or would do nothing.
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
    const { wrongValues, strictErrors } = decodingProblems(object, kind.type);
    for (const problem of [...wrongValues, ...strictErrors]) {
      throw this.#failure(problem, problem.message);
    }
    const spec = fieldOf(object, 'spec');
    const entries = spec === undefined ? [] : itemsOf(spec, kind.list);
    return entries.map((entry) => this.#setOf(entry, kind));
  }

  #setOf(entry: DocumentNode, { pullFromMirror }: MirrorSetKind): MirrorSet {
    const source = fieldOf(entry, 'source');
    if (source === undefined) throw this.#failure(entry, 'this entry has no source');
    const policy = fieldOf(entry, 'mirrorSourcePolicy');
    const neverContactSource =
      policy !== undefined && this.#textOf(policy, policyProblem) === 'NeverContactSource';
    return {
      source: this.#textOf(source, prefixProblem),
      mirrors: itemsOf(entry, 'mirrors').map((mirror) => this.#textOf(mirror, mirrorProblem)),
      pullFromMirror,
      neverContactSource,
    };
  }

  #textOf(node: DocumentNode, problemOf: (text: string) => string | undefined): string {
    const text = node.type === 'string' ? String(node.value) : '';
    const problem = problemOf(text);
    if (problem === undefined) return text;
    throw this.#failure(node, `${quote(text)} cannot stand here: ${problem}`);
  }

  #failure({ offset }: { readonly offset: number }, problem: string): Failure {
    const { line, column } = positionAt(this.#text, offset);
    return new Failure(`${this.#file}:${line}:${column}: ${problem}`);
  }
}

function policyProblem(policy: string): string | undefined {
  return POLICIES.includes(policy) ? undefined : `it is none of ${POLICIES.join(', ')}`;
}

function listItems(document: DocumentNode): readonly DocumentNode[] {
  return textOf(document, 'kind').endsWith('List') ? itemsOf(document, 'items') : [document];
}
