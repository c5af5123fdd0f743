import { shellWord } from '../../diagnostics/shell-word.ts';
import type { NodeWorld } from './node-world.ts';

/** `pullkey install` for the node that was looked at. */
export function installCommandFor({ tree }: Pick<NodeWorld, 'tree'>): string {
  return tree.isThisMachine
    ? 'pullkey install'
    : `pullkey install --root ${shellWord(tree.locate('/').replace(/\/$/, ''))}`;
}
