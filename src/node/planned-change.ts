import type { Snapshot } from './snapshot.ts';

/** What shall lie at a path of a node, and what it is for. */
export interface PlannedChange {
  readonly path: string;
  readonly after: Snapshot;
  readonly why: string;
}
