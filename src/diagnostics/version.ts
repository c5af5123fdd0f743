import { buildInfo } from './build-info.ts';

/** The version as `--version` of the original prints it: a field a line. */
export function versionText(): string {
  const info = versionInfo();
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
  return `${JSON.stringify(versionInfo(), null, 2)}\n`;
}

function versionInfo() {
  const { version, gitCommit, gitCommitDate, buildDate, platform, dependencies } = buildInfo();
  return {
    version,
    gitCommit,
    gitCommitDate,
    buildDate,
    runtimeVersion: `bun ${Bun.version}`,
    compiler: 'bun',
    platform,
    dependencies,
  };
}
