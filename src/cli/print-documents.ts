import { writeAll } from '../diagnostics/output.ts';
import { isDocumentError, plainValue } from '../kubelet/document-tree.ts';
import { readYaml } from '../kubelet/read-yaml.ts';
import { type RenderedDocument, yamlText } from '../platform/yaml-document.ts';

/** Prints rendered documents to standard output, as YAML or, several as a List, as JSON. */
export function printDocuments(documents: readonly RenderedDocument[], output: string): void {
  writeAll(1, output === 'json' ? documentsAsJson(documents) : yamlText(documents));
}

function documentsAsJson(documents: readonly RenderedDocument[]): string {
  const [first, ...others] = documents.map(({ value }) => value);
  const items = [first, ...others];
  const value = others.length === 0 ? first : { apiVersion: 'v1', kind: 'List', items };
  return jsonText(value);
}

/** One YAML document, written by us, as JSON. */
export function yamlAsJson(yaml: string): string {
  const document = readYaml(yaml);
  if (isDocumentError(document)) throw new Error(document.message);
  return jsonText(plainValue(document.root));
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Says something beside the answer, on standard error. */
export function note(text: string): void {
  writeAll(2, `pullkey: ${text}\n`);
}
