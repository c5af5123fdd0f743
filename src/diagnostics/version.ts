import { buildInfo } from './build-info.ts';

const info = {
  version: buildInfo.version,
  gitCommit: buildInfo.gitCommit,
  gitCommitDate: buildInfo.gitCommitDate,
  buildDate: buildInfo.buildDate,
  runtimeVersion: `bun ${Bun.version}`,
  compiler: 'bun',
  platform: buildInfo.platform,
  dependencies: buildInfo.dependencies,
};

/** The version as `--version` of the original prints it: a field a line. */
export function versionText(): string {
  const lines: [string, string][] = [
    ['Version:', info.version],
    ['GitCommit:', info.gitCommit],
    ['GitCommitDate:', info.gitCommitDate],
    ['BuildDate:', info.buildDate],
    ['RuntimeVersion:', info.runtimeVersion],
    ['Compiler:', info.compiler],
    ['Platform:', info.platform],
  ];
  const table = lines.map(([name, value]) => `${name.padEnd(16)}${value}\n`).join('');
  return `${table}Dependencies:\n${info.dependencies.map((one) => `  ${one}\n`).join('')}`;
}

/** The same as a JSON document. */
export function versionJson(): string {
  return `${JSON.stringify(info, null, 2)}\n`;
}
