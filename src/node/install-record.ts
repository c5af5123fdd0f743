import { Failure } from '../diagnostics/errors.ts';
import { isJsonObject } from '../diagnostics/json.ts';
import { plain } from '../diagnostics/plain.ts';
import { type NodeTree, readText } from './node-tree.ts';

/** Where an installation keeps what it replaced. */
export const RECORD_DIRECTORY = '/var/lib/pullkey/install';
export const RECORD_FILE = `${RECORD_DIRECTORY}/state.json`;

/** A snapshot whose content is kept under its digest. */
export type StoredSnapshot =
  | { readonly kind: 'absent' | 'directory' }
  | { readonly kind: 'link'; readonly target: string }
  | {
      readonly kind: 'file';
      readonly sha256: string;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    };

/** A path that was changed. */
export interface RecordedPath {
  readonly path: string;
  /** What lay there before the first installation. */
  readonly original: StoredSnapshot;
  /** What may lie there of ours, as fingerprints; several only while a run is not at its end. */
  readonly written: readonly string[];
}

/** A path to put back if the kubelet does not come up. */
export interface PendingPath {
  readonly path: string;
  readonly before: StoredSnapshot;
  /** What was ours there before; undefined where nothing was. */
  readonly written?: readonly string[] | undefined;
}

export interface InstallRecord {
  readonly version: 1;
  readonly entries: readonly RecordedPath[];
  readonly pending: readonly PendingPath[];
  /** Made on the way, outermost first. */
  readonly directories: readonly string[];
  /** Once the pending paths are all written: the hash of the configuration that no kubelet was restarted for. */
  readonly untried?: string | undefined;
}

export const NOTHING_RECORDED: InstallRecord = {
  version: 1,
  entries: [],
  pending: [],
  directories: [],
};

/** Reads a node's record; undefined where there is none. Throws a Failure where it cannot be understood. */
export function readRecord(tree: NodeTree): InstallRecord | undefined {
  const text = readText(tree, RECORD_FILE);
  if (text === undefined) return undefined;
  const value = parsed(text);
  if (isRecord(value)) return value;
  throw new Failure(
    `${plain(RECORD_FILE)}, the record of what an installation replaced, cannot be read; restore it, or ` +
      `remove ${RECORD_DIRECTORY} to start anew`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is InstallRecord {
  if (!isJsonObject(value) || value['version'] !== 1) return false;
  const { entries, pending, directories, untried } = value;
  return (
    isListOf(entries, (one) => hasPath(one, 'original') && isTexts(one['written'])) &&
    isListOf(
      pending,
      (one) => hasPath(one, 'before') && (one['written'] === undefined || isTexts(one['written'])),
    ) &&
    Array.isArray(directories) &&
    directories.every(isPath) &&
    (untried === undefined || typeof untried === 'string')
  );
}

function isListOf(value: unknown, holds: (one: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(value) && value.every((one) => isJsonObject(one) && holds(one));
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function hasPath(one: Record<string, unknown>, snapshot: string): boolean {
  return isPath(one['path']) && isStoredSnapshot(one[snapshot]);
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('/');
}

function isStoredSnapshot(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const { kind, target, sha256 } = value;
  if (kind === 'absent' || kind === 'directory') return true;
  if (kind === 'link') return typeof target === 'string';
  const numbers = ['mode', 'uid', 'gid'].map((name) => value[name]);
  return (
    kind === 'file' && /^[0-9a-f]{64}$/.test(String(sha256)) && numbers.every(Number.isInteger)
  );
}
