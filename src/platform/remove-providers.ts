import { isMap, isSeq, parseDocument } from 'yaml';
import { isDocumentError } from '../kubelet/document-tree.ts';
import { readJson } from '../kubelet/read-json.ts';
import { documentText, FAILSAFE } from './yaml-document.ts';

/**
 * A CredentialProviderConfig without some providers; everything else stays as it is written, but that
 * JSON is written anew. Undefined where no provider is left.
 */
export function removeProviders(text: string, names: readonly string[]): string | undefined {
  const document = parseDocument(text, FAILSAFE);
  const providers = document.get('providers');
  if (!isSeq(providers)) return text;
  const left = providers.items.filter(
    (item) => !isMap(item) || !names.includes(String(item.get('name'))),
  );
  if (left.length === 0) return undefined;
  if (left.length === providers.items.length) return text;
  providers.items = left;
  if (isJson(text)) return `${JSON.stringify(Bun.YAML.parse(documentText(document)), null, 2)}\n`;
  return documentText(document, !/\n- /.test(text));
}

function isJson(text: string): boolean {
  return /^\s*\{/.test(text) && !isDocumentError(readJson(text));
}
