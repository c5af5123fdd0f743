/** What lies at one path of a node. */
export type Snapshot = Absent | FileSnapshot | LinkSnapshot | DirectorySnapshot;

interface Absent {
  readonly kind: 'absent';
}

export interface FileSnapshot {
  readonly kind: 'file';
  readonly bytes: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

interface LinkSnapshot {
  readonly kind: 'link';
  readonly target: string;
}

interface DirectorySnapshot {
  readonly kind: 'directory';
}

export const ABSENT: Snapshot = { kind: 'absent' };

const READABLE_BY_ALL = 0o644;

/** A file of root's that everybody may read. */
export function textFile(text: string, mode = READABLE_BY_ALL): FileSnapshot {
  return { kind: 'file', bytes: new TextEncoder().encode(text), mode, uid: 0, gid: 0 };
}

/** What tells two snapshots apart, in one line; of a file its content and mode. */
export function fingerprint(snapshot: Snapshot): string {
  switch (snapshot.kind) {
    case 'file':
      return `file ${snapshot.mode.toString(8)} sha256:${sha256(snapshot.bytes)}`;
    case 'link':
      return `link ${snapshot.target}`;
    default:
      return snapshot.kind;
  }
}

export function isSame(one: Snapshot, other: Snapshot): boolean {
  return fingerprint(one) === fingerprint(other);
}

export function sha256(bytes: Uint8Array): string {
  return new Bun.CryptoHasher('sha256').update(bytes).digest('hex');
}
