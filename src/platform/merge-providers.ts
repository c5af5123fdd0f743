import {
  Document,
  isMap,
  isNode,
  isSeq,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
  YAMLSeq,
} from 'yaml';
import { Failure } from '../diagnostics/errors.ts';
import { positionAt } from '../diagnostics/position.ts';
import { CONFIG_GROUP, TOKEN_API_VERSION } from '../kubelet/credential-provider-config.ts';
import { isDocumentError, plainValue } from '../kubelet/document-tree.ts';
import { readJson } from '../kubelet/read-json.ts';
import type { ProviderEntry, TokenAttributesEntry } from './provider-entry.ts';
import { documentText, FAILSAFE, nodeOf } from './yaml-document.ts';

/** A CredentialProviderConfig that the kubelet accepts. */
export interface ExistingConfig {
  readonly path: string;
  readonly text: string;
}

/** A file with providers added, and what else had to change in it. */
export interface MergedConfig {
  readonly yaml: string;
  readonly changes: readonly string[];
}

/** What people should read beside what is added. */
export interface MergeRemarks {
  /** On an audience that is added. */
  readonly audience?: string;
  /** On patterns, by their text. */
  readonly patterns?: ReadonlyMap<string, string>;
}

/**
 * Adds providers to a file of which nothing gets lost: comments, order, quotes, other providers and
 * fields stay. A provider that is there already gets the patterns, flags and annotation keys it lacks;
 * its audience changes only to one that was asked for. Throws a Failure where the file is written
 * with aliases, because a change would reach further than meant.
 */
export function mergeProviders(
  existing: ExistingConfig,
  entries: readonly ProviderEntry[],
  audience: string | undefined,
  remarks: MergeRemarks = {},
): MergedConfig {
  const document = parsed(existing);
  const merge = new Merge(document, audience, remarks);
  for (const entry of entries) merge.add(entry);
  const indentsLists = !/\n- /.test(existing.text);
  return { yaml: documentText(document, indentsLists), changes: merge.changes };
}

function parsed(existing: ExistingConfig): Document {
  const json = /^\s*\{/.test(existing.text) ? readJson(existing.text) : undefined;
  if (json === undefined || isDocumentError(json)) {
    const document = parseDocument(existing.text, FAILSAFE);
    refuseAliases(document, existing);
    return document;
  }
  const document = new Document(null, FAILSAFE);
  document.contents = nodeOf(plainValue(json));
  return document;
}

function refuseAliases(document: Document, { path, text }: ExistingConfig): void {
  visit(document, {
    Alias: (_, alias) => {
      const { line, column } = positionAt(text, alias.range?.[0] ?? 0);
      throw new Failure(
        `${path}:${line}:${column}: an alias stands here, and a change of its anchor would reach ` +
          'further than meant; write its content out, then merge again',
      );
    },
  });
}

const AUDIENCE_FIELD = 'serviceAccountTokenAudience';

class Merge {
  readonly changes: string[] = [];
  readonly #document: Document;
  readonly #audience: string | undefined;
  readonly #remarks: MergeRemarks;

  constructor(document: Document, audience: string | undefined, remarks: MergeRemarks) {
    this.#document = document;
    this.#audience = audience;
    this.#remarks = remarks;
  }

  add(entry: ProviderEntry): void {
    const providers = this.#document.get('providers');
    if (!isSeq(providers)) throw new Error('a valid configuration has providers');
    const existing = providers.items.find(
      (item): item is YAMLMap => isMap(item) && item.get('name') === entry.name,
    );
    if (existing === undefined) providers.add(this.#remarkedEntry(entry));
    else this.#complete(existing, entry);
    if (entry.tokenAttributes !== undefined) this.#raiseVersion();
  }

  #remarkedEntry(entry: ProviderEntry): Node {
    const node = nodeOf(entry);
    if (!isMap(node)) throw new Error('an entry is a map');
    this.#remarkOnPatterns(node.get('matchImages'), entry.matchImages);
    this.#remarkOnAudience(node.get('tokenAttributes'));
    return node;
  }

  #remarkOnPatterns(list: unknown, added: readonly string[]): void {
    if (!isSeq(list)) return;
    for (const [index, item] of list.items.entries()) {
      const pattern = String(list.get(index));
      const remark = this.#remarks.patterns?.get(pattern);
      if (remark !== undefined && added.includes(pattern) && isNode(item)) {
        item.commentBefore = ` ${remark}`;
      }
    }
  }

  #remarkOnAudience(attributes: unknown): void {
    const { audience } = this.#remarks;
    if (audience === undefined || !isMap(attributes)) return;
    const field = attributes.items.find(({ key }) => String(key) === AUDIENCE_FIELD);
    if (isNode(field?.key)) field.key.commentBefore = ` ${audience}`;
  }

  #complete(provider: YAMLMap, entry: ProviderEntry): void {
    const added = addMissing(provider, 'matchImages', entry.matchImages);
    this.#remarkOnPatterns(provider.get('matchImages'), added);
    addMissingArgs(provider, entry.args ?? []);
    const wanted = entry.tokenAttributes;
    if (wanted === undefined) return;
    const attributes = provider.get('tokenAttributes');
    if (isMap(attributes)) this.#completeTokens(attributes, wanted, entry.name);
    else {
      provider.set('tokenAttributes', nodeOf(wanted));
      this.#remarkOnAudience(provider.get('tokenAttributes'));
    }
    if (provider.get('apiVersion') === TOKEN_API_VERSION) return;
    provider.set('apiVersion', TOKEN_API_VERSION);
    this.changes.push(`the apiVersion of ${entry.name} is now ${TOKEN_API_VERSION}, for tokens`);
  }

  #completeTokens(attributes: YAMLMap, wanted: TokenAttributesEntry, provider: string): void {
    const required = attributes.get('requiredServiceAccountAnnotationKeys');
    const given = isSeq(required) ? textsOf(required) : [];
    const keys = wanted.optionalServiceAccountAnnotationKeys ?? [];
    const lacking = keys.filter((key) => !given.includes(key));
    addMissing(attributes, 'optionalServiceAccountAnnotationKeys', lacking);
    const audience = attributes.get(AUDIENCE_FIELD);
    if (this.#audience === undefined || audience === this.#audience) return;
    attributes.set(AUDIENCE_FIELD, nodeOf(this.#audience));
    this.changes.push(`the audience of ${provider} is now ${this.#audience}, before ${audience}`);
  }

  /** Only v1 of the file knows tokens. */
  #raiseVersion(): void {
    const version = `${CONFIG_GROUP}/v1`;
    if (this.#document.get('apiVersion') === version) return;
    this.#document.set('apiVersion', version);
    this.changes.push(`the file's apiVersion is now ${version}, for tokens`);
  }
}

/** A flag that is given already keeps its value. */
function addMissingArgs(provider: YAMLMap, args: readonly string[]): void {
  const found = provider.get('args');
  const given = isSeq(found) ? textsOf(found).map(flagName) : [];
  addMissing(
    provider,
    'args',
    args.filter((arg) => !given.includes(flagName(arg))),
  );
}

function flagName(arg: string): string {
  return arg.replace(/^--?/, '').replace(/=.*$/s, '');
}

/** Gives what was lacking. */
function addMissing(map: YAMLMap, field: string, texts: readonly string[]): readonly string[] {
  const found = map.get(field);
  const list = isSeq(found) ? found : new YAMLSeq();
  const present = textsOf(list);
  const lacking = texts.filter((text) => !present.includes(text));
  for (const text of lacking) list.add(nodeOf(text));
  if (lacking.length > 0 && list !== found) map.set(field, list);
  return lacking;
}

function textsOf(list: YAMLSeq): readonly string[] {
  return list.items.map((_, index) => String(list.get(index)));
}
