/** Which pulls may use a mirror; empty is `all`. */
export type PullFromMirror = '' | 'all' | 'digest-only' | 'tag-only';

/** A place to pull from: `host[:port][/path]`. */
export interface PullLocation {
  /** Empty only for the registry itself, under a wildcard prefix: images stay where they are. */
  readonly location: string;
  readonly insecure: boolean;
}

export interface Mirror extends PullLocation {
  readonly pullFromMirror: PullFromMirror;
}

/** One `[[registry]]` entry, after its file's checks. */
export interface Registry extends PullLocation {
  /** What an image's name must begin with, or `*.example.com`. */
  readonly prefix: string;
  readonly blocked: boolean;
  readonly mirrorByDigestOnly: boolean;
  /** In the file's order. */
  readonly mirrors: readonly Mirror[];
  /** The file that the entry stands in. */
  readonly file: string;
}
