import { Document, isMap, isSeq, parseDocument, visit, type YAMLMap, YAMLSeq } from 'yaml';
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
): MergedConfig {
  const document = parsed(existing);
  const merge = new Merge(document, audience);
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

class Merge {
  readonly changes: string[] = [];
  readonly #document: Document;
  readonly #audience: string | undefined;

  constructor(document: Document, audience: string | undefined) {
    this.#document = document;
    this.#audience = audience;
  }

  add(entry: ProviderEntry): void {
    const providers = this.#document.get('providers');
    if (!isSeq(providers)) throw new Error('a valid configuration has providers');
    const existing = providers.items.find(
      (item): item is YAMLMap => isMap(item) && item.get('name') === entry.name,
    );
    if (existing === undefined) providers.add(nodeOf(entry));
    else this.#complete(existing, entry);
    if (entry.tokenAttributes !== undefined) this.#raiseVersion();
  }

  #complete(provider: YAMLMap, entry: ProviderEntry): void {
    addMissing(provider, 'matchImages', entry.matchImages);
    addMissingArgs(provider, entry.args ?? []);
    const wanted = entry.tokenAttributes;
    if (wanted === undefined) return;
    const attributes = provider.get('tokenAttributes');
    if (isMap(attributes)) this.#completeTokens(attributes, wanted, entry.name);
    else provider.set('tokenAttributes', nodeOf(wanted));
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
    const audience = attributes.get('serviceAccountTokenAudience');
    if (this.#audience === undefined || audience === this.#audience) return;
    attributes.set('serviceAccountTokenAudience', nodeOf(this.#audience));
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

function addMissing(map: YAMLMap, field: string, texts: readonly string[]): void {
  const found = map.get(field);
  const list = isSeq(found) ? found : new YAMLSeq();
  const present = textsOf(list);
  const lacking = texts.filter((text) => !present.includes(text));
  for (const text of lacking) list.add(nodeOf(text));
  if (lacking.length > 0 && list !== found) map.set(field, list);
}

function textsOf(list: YAMLSeq): readonly string[] {
  return list.items.map((_, index) => String(list.get(index)));
}
