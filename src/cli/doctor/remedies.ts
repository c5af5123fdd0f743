import { shellWord } from '../../diagnostics/shell-word.ts';
import type { Remedy } from './check.ts';
import type { NodeWorld } from './node-world.ts';

type Place = Pick<NodeWorld, 'tree'>;

/** `pullkey install` for the node that was looked at. */
export function installCommand({ tree }: Place): string {
  return `pullkey install${tree.isThisMachine ? '' : ` --root ${placeOf({ tree }, '/')}`}`;
}

/** The same as a remedy. */
export function installing(world: Place): Remedy {
  return { command: installCommand(world) };
}

/** A command with a path of the node as its last word, as this machine finds it. */
export function on(world: Place, path: string, command: string): Remedy {
  return { command: `${command} ${placeOf(world, path)}` };
}

/** The same with what a link leads to, within the node's own root. */
export function onTarget({ tree }: Place, path: string, command: string): Remedy {
  return { command: `${command} ${shellWord(tree.locate(path))}` };
}

/** A path of the node as a word of a command on this machine. */
export function placeOf({ tree }: Place, path: string): string {
  const place = tree.locate(path, false);
  return shellWord(place === '/' ? place : place.replace(/\/$/, ''));
}

/** Makes the kubelet read its flags and files again. */
export function restarting({ service }: Pick<NodeWorld, 'service'>): Remedy {
  return { command: `systemctl daemon-reload && systemctl restart ${shellWord(service)}` };
}

/**
 * Splits a sentence of the form `what is wrong; what to do`, as errors and findings of files have, into
 * text and remedy.
 */
export function withAdvice(sentence: string): { readonly text: string; readonly remedy?: Remedy } {
  const semicolon = sentence.indexOf('; ');
  if (semicolon === -1) return { text: sentence };
  return { text: sentence.slice(0, semicolon), remedy: { change: sentence.slice(semicolon + 2) } };
}
