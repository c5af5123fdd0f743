import { readHeader } from './executable-file.ts';
import { executableHeader } from './executable-header.ts';
import type { DirectoryTree } from './node-tree.ts';
import { splitWords } from './systemd-words.ts';

/** Programs that a node cannot be without. */
const PROGRAMS: readonly string[] = ['/usr/lib/systemd/systemd', '/lib/systemd/systemd', '/bin/sh'];

/** The architecture that a node's own programs are for, by Go's name; undefined where it has none to look at. */
export function nodeArchitecture(
  tree: DirectoryTree,
  kubeletCommand: string | undefined,
): string | undefined {
  const [kubelet] = splitWords(kubeletCommand ?? '');
  for (const path of [...(kubelet === undefined ? [] : [kubelet]), ...PROGRAMS]) {
    const header = readHeader(tree, path);
    const found = header === undefined ? undefined : executableHeader(header);
    if (found?.kind === 'elf') return found.architecture;
  }
  return undefined;
}
