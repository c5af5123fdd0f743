declare const PULLKEY_BUILD_INFO: BuildInfo | undefined;

/** What the build wrote into the executable (scripts/build.ts). */
export interface BuildInfo {
  readonly version: string;
  readonly gitCommit: string;
  readonly gitCommitDate: string;
  readonly buildDate: string;
  readonly platform: string;
  readonly dependencies: readonly string[];
}

const FROM_SOURCE: BuildInfo = {
  version: 'unreleased',
  gitCommit: 'unknown',
  gitCommitDate: 'unknown',
  buildDate: 'unknown',
  platform: `${process.platform}/${process.arch}`,
  dependencies: [],
};

/** The build's facts; placeholders where the program runs from source, as in tests. */
export const buildInfo: BuildInfo =
  typeof PULLKEY_BUILD_INFO === 'undefined' ? FROM_SOURCE : PULLKEY_BUILD_INFO;
