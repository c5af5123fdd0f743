import { Failure } from '../../diagnostics/errors.ts';
import { plain } from '../../diagnostics/plain.ts';
import {
  type DocumentNode,
  fieldOf,
  isDocumentError,
  textOf,
} from '../../kubelet/document-tree.ts';
import { readJson } from '../../kubelet/read-json.ts';
import { readYamlStream } from '../../kubelet/read-yaml.ts';
import { compileButane } from '../../platform/butane/compile.ts';
import type { LocalFiles } from '../../platform/butane/local-files.ts';
import { lintKindOf } from '../../platform/lint/lint-kind.ts';
import { readInput } from '../input.ts';

/**
 * The Ignition configurations of a file: a Butane config, or MachineConfigs, one or several. Throws a
 * Failure for one that is refused, or holds neither.
 */
export function ignitionConfigs(file: string, localFiles?: LocalFiles): readonly DocumentNode[] {
  const text = readInput(file);
  if (lintKindOf(file, text) === 'butane') return [compiled(file, text, localFiles)];
  const documents = /^\s*\{/.test(text) ? readJson(text) : readYamlStream(text);
  if (isDocumentError(documents)) throw refused(file, documents.message);
  const configs = [documents].flat().flatMap(configOf);
  if (configs.length > 0) return configs;
  throw refused(file, 'it is neither a MachineConfig nor a Butane config');
}

function configOf(document: DocumentNode): readonly DocumentNode[] {
  if (textOf(document, 'kind') !== 'MachineConfig') return [];
  const spec = fieldOf(document, 'spec');
  const config = spec && fieldOf(spec, 'config');
  return config === undefined ? [] : [config];
}

function compiled(file: string, text: string, localFiles: LocalFiles | undefined): DocumentNode {
  const { output, findings, messages } = compileButane({
    bytes: new TextEncoder().encode(text),
    fileName: file,
    localFiles,
    isRaw: true,
    isPretty: false,
  });
  if (output === undefined) {
    throw refused(file, findings[0]?.message ?? messages.trim());
  }
  const document = readJson(output);
  if (isDocumentError(document)) throw refused(file, document.message);
  return document;
}

function refused(file: string, reason: string): Failure {
  return new Failure(
    `cannot tell what ${plain(file)} would replace: ${reason}; "pullkey lint ${plain(file)}" says more`,
  );
}
