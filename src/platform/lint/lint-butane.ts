import { positionAt } from '../../diagnostics/position.ts';
import { fieldOf, isDocumentError, itemsOf, textOf } from '../../kubelet/document-tree.ts';
import { readYaml } from '../../kubelet/read-yaml.ts';
import { compileButane } from '../butane/compile.ts';
import type { LocalFiles } from '../butane/local-files.ts';
import { errorIn, type Finding, warningIn } from './finding.ts';
import type { ConfigSurroundings } from './lint-credential-provider-config.ts';
import { lintMachineConfig } from './lint-machine-config.ts';

/** What is known besides the config itself. */
export interface ButaneContext {
  readonly localFiles?: LocalFiles | undefined;
  readonly surroundings?: ConfigSurroundings | undefined;
}

/**
 * Checks a Butane config: what Butane says of it, and then what is to be said of the MachineConfig that it
 * becomes. Places are in the config.
 */
export function lintButane(
  file: string,
  bytes: Uint8Array,
  { localFiles, surroundings }: ButaneContext = {},
): readonly Finding[] {
  const input = { bytes, fileName: file, localFiles, isRaw: false, isPretty: false };
  const { output, findings } = compileButane(input);
  const own = findings.map(({ severity, position, message }) => {
    const remark = { position, rule: 'butane', message };
    return severity === 'error' ? errorIn(file, remark) : warningIn(file, remark);
  });
  if (output === undefined) return own;
  const text = new TextDecoder().decode(bytes);
  const ofResult = lintMachineConfig(file, output, surroundings).map((finding) => ({
    ...finding,
    position: positionAt(text, offsetOfFile(text, finding.nodeFile)),
  }));
  return [...own, ...ofResult];
}

/** Where the config has a file of the node, or begins. */
function offsetOfFile(text: string, path: string | undefined): number {
  const document = readYaml(text);
  if (isDocumentError(document)) return 0;
  const storage = fieldOf(document.root, 'storage');
  const files = storage === undefined ? [] : itemsOf(storage, 'files');
  const named = files.find((file) => textOf(file, 'path') === path);
  return named === undefined ? 0 : (fieldOf(named, 'path')?.offset ?? named.offset);
}
