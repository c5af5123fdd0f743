import { createTwoFilesPatch } from 'diff';
import { maskValues } from '../diagnostics/masked-values.ts';
import { plain } from '../diagnostics/plain.ts';
import type { NodeTree } from '../node/node-tree.ts';
import type { PlannedChange } from '../node/planned-change.ts';
import { type Snapshot, sha256 } from '../node/snapshot.ts';

const LARGEST_SHOWN = 256 * 1024;
const NO_FILE = '/dev/null';
/** What a terminal would act on; tabs and newlines stay. */
const UNPRINTABLE = /(?![\t\n])[\p{C}\p{Zl}\p{Zp}]/gu;

/** Changes as a unified diff; what is no text is told in a line. Call it before they are made. */
export function changesText(tree: NodeTree, changes: readonly PlannedChange[]): string {
  return changes.map((change) => changeText(tree.snapshot(change.path), change)).join('');
}

function changeText(before: Snapshot, { path, after, why }: PlannedChange): string {
  const head = `# ${why}\n`;
  const [old, fresh] = [textOf(before), textOf(after)];
  if (old === undefined || fresh === undefined) {
    return `${head}${plain(path)}: ${described(before)} -> ${described(after)}\n\n`;
  }
  const oldName = before.kind === 'absent' ? NO_FILE : path;
  const newName = after.kind === 'absent' ? NO_FILE : path;
  const patch = createTwoFilesPatch(oldName, newName, maskValues(old), maskValues(fresh));
  const shown = patch.replace(/^(?:Index: .*\n)?=+\n/, '').replace(UNPRINTABLE, '\ufffd');
  return `${head}${shown}${modeText(before, after)}\n`;
}

/** The text of what can be shown as text: nothing at all is the empty one. */
function textOf(snapshot: Snapshot): string | undefined {
  if (snapshot.kind === 'absent') return '';
  if (snapshot.kind !== 'file' || snapshot.bytes.length > LARGEST_SHOWN) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(snapshot.bytes);
  } catch {
    return undefined;
  }
}

function modeText(before: Snapshot, after: Snapshot): string {
  if (after.kind !== 'file') return '';
  if (before.kind === 'file' && before.mode === after.mode) return '';
  return `mode ${octal(after.mode)}\n`;
}

function described(snapshot: Snapshot): string {
  switch (snapshot.kind) {
    case 'absent':
      return 'nothing';
    case 'link':
      return `link to ${plain(snapshot.target)}`;
    case 'directory':
      return 'a directory';
    case 'file': {
      const size = (snapshot.bytes.length / 1024 / 1024).toFixed(1);
      const digest = sha256(snapshot.bytes).slice(0, 12);
      return `file of ${size} MiB, mode ${octal(snapshot.mode)}, sha256 ${digest}…`;
    }
  }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** The same for programs. */
export function changesJson(tree: NodeTree, changes: readonly PlannedChange[]): readonly object[] {
  return changes.map(({ path, after, why }) => {
    const { kind } = tree.snapshot(path);
    const action = after.kind === 'absent' ? 'remove' : kind === 'absent' ? 'create' : 'replace';
    return { path, action, why, ...detailsOf(after) };
  });
}

function detailsOf(after: Snapshot): object {
  if (after.kind === 'link') return { target: after.target };
  if (after.kind !== 'file') return {};
  return { mode: octal(after.mode), size: after.bytes.length, sha256: sha256(after.bytes) };
}
