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

/** The build's facts; placeholders where the program runs from source, as in tests. */
export function buildInfo(): BuildInfo {
  return typeof PULLKEY_BUILD_INFO === 'undefined' ? fromSource() : PULLKEY_BUILD_INFO;
}

function fromSource(): BuildInfo {
  return {
    version: 'unreleased',
    gitCommit: 'unknown',
    gitCommitDate: 'unknown',
    buildDate: 'unknown',
    platform: `${process.platform}/${process.arch}`,
    dependencies: [],
  };
}
