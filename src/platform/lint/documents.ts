import { isDocumentError } from '../../kubelet/document-tree.ts';
import { readYaml } from '../../kubelet/read-yaml.ts';

/**
 * The documents of a YAML file, each as a text in which it stands at its own lines: what goes before is
 * blank, what comes after is cut off. A text that cannot be read is one document.
 */
export function documentsOf(text: string): readonly string[] {
  const document = readYaml(text);
  const next = isDocumentError(document) ? undefined : document.ignoredFrom;
  if (next === undefined) return [text];
  // A document that begins with its mark must not find itself.
  const start = text.startsWith('---', next) ? next + '---'.length : next;
  const rest = text.slice(0, start).replace(/[^\n]/g, ' ') + text.slice(start);
  const first = text.slice(0, next);
  return [...(first.trim() === '' ? [] : [first]), ...documentsOf(rest)];
}
