import { plain } from '../../diagnostics/plain.ts';
import { type IgnitionChange, ignitionChanges } from '../../node/ignition-changes.ts';
import { isSame, type Snapshot } from '../../node/snapshot.ts';
import type { LocalFiles } from '../../platform/butane/local-files.ts';
import { lintNodeFile } from '../../platform/lint/lint-node-file.ts';
import { differenceOf } from './before-difference.ts';
import { ignitionConfigs } from './before-file.ts';
import { broken, type Check, type Outcome, ok, unknown, warning } from './check.ts';
import type { NodeWorld } from './node-world.ts';
import { withAdvice } from './remedies.ts';

/**
 * What a MachineConfig or Butane config would replace on this node, for `--before FILE`. Throws a Failure for
 * a file that is neither.
 */
export function before(file: string, localFiles?: LocalFiles): Check<NodeWorld> {
  const configs = ignitionConfigs(file, localFiles);
  return {
    id: 'before',
    look: ({ tree }) => {
      const changes = configs.flatMap((config) => ignitionChanges(tree, config));
      if (changes.length === 0) return ok(`${plain(file)} writes no file, link or unit`);
      return changes.flatMap((change) => outcomesOf(tree.snapshot(change.path), change));
    },
  };
}

function outcomesOf(current: Snapshot, change: IgnitionChange): readonly Outcome[] {
  const { path, after, problem } = change;
  if (problem !== undefined) return [unknown(`${plain(path)}: ${problem}`)];
  const replaced = replacement(current, change);
  return after.kind === 'file' ? [replaced, ...mistakes(path, after.bytes)] : [replaced];
}

function replacement(current: Snapshot, { path, after, why }: IgnitionChange): Outcome {
  const told = `${plain(path)} (${why})`;
  if (isSame(current, after)) {
    return { ...ok(`${told} stays the same`), details: { path, state: 'same' } };
  }
  if (current.kind === 'absent') {
    return { ...ok(`${told} is new`), details: { path, state: 'new' } };
  }
  const { text, ...counts } = differenceOf(path, current, after);
  const remedy = { change: 'carry over into that file what the node shall keep' };
  const details = { path, state: 'differs', ...counts };
  return { ...warning(`${told} is replaced: ${text}`, remedy), details };
}

/** What is wrong with the file once it is there. */
function mistakes(path: string, bytes: Uint8Array): readonly Outcome[] {
  return lintNodeFile(path, bytes).map(({ position, severity, message }) => {
    const place = position === undefined ? '' : `:${position.line}:${position.column}`;
    const { text, remedy } = withAdvice(message);
    const told = `${plain(path)}${place}, as it would be: ${text}`;
    return severity === 'error' ? broken(told, remedy) : warning(told, remedy);
  });
}
