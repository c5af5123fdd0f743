import { posix } from 'node:path';
import { type DocumentNode, fieldOf, itemsOf, textOf } from '../kubelet/document-tree.ts';
import { ignitionFiles } from '../platform/ignition-files.ts';
import type { NodeTree } from './node-tree.ts';
import type { PlannedChange } from './planned-change.ts';
import { type FileSnapshot, textFile } from './snapshot.ts';

/** What an Ignition configuration makes of a node; `problem` is why a file of it cannot be told. */
export interface IgnitionChange extends PlannedChange {
  readonly problem?: string;
}

/** Where units go (machine-config-operator, pkg/daemon/file_writers.go). */
const UNITS = '/etc/systemd/system';
const FILE_MODE = 0o644;
const PERMISSIONS = 0o7777;

/**
 * The files, links, units and drop-ins that an Ignition 3 configuration writes, as the
 * machine-config-operator writes them: root's, 0644 unless it says otherwise, masked units as links.
 */
export function ignitionChanges(tree: NodeTree, config: DocumentNode): readonly IgnitionChange[] {
  return [
    ...ignitionFiles(config).map((entry): IgnitionChange => {
      const { path, node, content, problem } = entry;
      const before = tree.snapshot(path);
      // Without contents a file is only made sure of.
      const bytes = content ?? (before.kind === 'file' ? before.bytes : new Uint8Array());
      const after: FileSnapshot = { kind: 'file', bytes, mode: modeOf(node), uid: 0, gid: 0 };
      return { path, after, why: 'file', ...(problem === undefined ? {} : { problem }) };
    }),
    ...listOf(config, 'storage', 'links').map((link): IgnitionChange => {
      const after = { kind: 'link', target: textOf(link, 'target') } as const;
      return { path: textOf(link, 'path'), after, why: 'link' };
    }),
    ...listOf(config, 'systemd', 'units').flatMap(unitChanges),
  ];
}

function unitChanges(unit: DocumentNode): readonly IgnitionChange[] {
  const name = textOf(unit, 'name');
  const path = posix.join(UNITS, name);
  const dropIns = itemsOf(unit, 'dropins').map((dropIn): IgnitionChange => {
    const place = posix.join(`${path}.d`, textOf(dropIn, 'name'));
    return { path: place, after: textFile(textOf(dropIn, 'contents')), why: 'drop-in' };
  });
  const mask = fieldOf(unit, 'mask');
  if (mask?.type === 'boolean' && mask.value === true) {
    const after = { kind: 'link', target: '/dev/null' } as const;
    return [{ path, after, why: 'masked unit' }, ...dropIns];
  }
  const contents = textOf(unit, 'contents');
  if (contents === '') return dropIns;
  return [{ path, after: textFile(contents), why: 'unit' }, ...dropIns];
}

function listOf(config: DocumentNode, section: string, name: string): readonly DocumentNode[] {
  const within = fieldOf(config, section);
  return within === undefined ? [] : itemsOf(within, name);
}

function modeOf(file: DocumentNode): number {
  const mode = fieldOf(file, 'mode');
  return mode?.type === 'number' ? Number(mode.value) & PERMISSIONS : FILE_MODE;
}
