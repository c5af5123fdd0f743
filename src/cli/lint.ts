import { Command, Option } from 'commander';
import { ToldFailure } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { type Finding, sortFindings } from '../platform/lint/finding.ts';
import { LINT_KINDS, type LintKind } from '../platform/lint/lint-kind.ts';
import type { Environment } from '../providers/credential-helper.ts';
import { clusterOption } from './cluster-audiences.ts';
import { type LintedFiles, lintFiles } from './lint-files.ts';
import { lintSurroundings } from './lint-surroundings.ts';
import { lintTargets } from './lint-targets.ts';
import { findingsText, summaryText } from './lint-text.ts';
import { outputFormat } from './output-format.ts';

interface LintOptions {
  readonly kind?: LintKind;
  readonly credentialProviderBinDir?: string;
  readonly kubeconfig?: string;
  readonly filesDir?: string;
  readonly output: 'text' | 'json';
}

/** `pullkey lint`: checks configuration files by the rules of the programs that read them. */
export function lintCommand(environment: Environment): Command {
  return new Command('lint')
    .summary('Check configuration files, with line and column')
    .description(
      'Check files by the rules of what reads them: CredentialProviderConfig (the kubelet), CRIOCredentialProviderConfig (the API server), registries.conf and drop-ins (CRI-O), Butane, MachineConfig, docker config and pull secrets. A directory is read as the kubelet reads it; what else lies there, or in one without its configurations, file by file. Exit code 1 where there are errors; warnings are about what is accepted and seldom meant.',
    )
    .argument('[files...]', 'files or directories; standard input without them, or for -')
    .addOption(
      new Option('--kind <kind>', 'what the files are; by default their content tells').choices(
        LINT_KINDS,
      ),
    )
    .option(
      '--credential-provider-bin-dir <directory>',
      "the kubelet's directory of plugins, to see whether every provider's executable is there",
    )
    .addOption(clusterOption())
    .option('--files-dir <directory>', 'where a Butane config’s local files may come from')
    .addOption(outputFormat('text', 'json'))
    .action((names: readonly string[], options: LintOptions) => lint(names, options, environment));
}

async function lint(
  names: readonly string[],
  options: LintOptions,
  environment: Environment,
): Promise<void> {
  const targets = lintTargets(names, options.kind);
  const kinds = targets.map(({ kind }) => kind);
  const linted = lintFiles(targets, await lintSurroundings(options, kinds, environment));
  const findings = sortFindings(linted.findings);
  if (options.output === 'json') {
    writeAll(1, `${JSON.stringify(findings.map(jsonOf), null, 2)}\n`);
  } else {
    writeAll(
      1,
      findingsText(findings, (finding) => lineOf(finding, linted)),
    );
    const count = targets.reduce((sum, { fileCount }) => sum + fileCount, 0);
    writeAll(2, summaryText(count, findings));
  }
  if (findings.some(({ severity }) => severity === 'error')) throw new ToldFailure();
}

function jsonOf({ position, ...finding }: Finding): object {
  const { file, ...rest } = finding;
  return { file, line: position?.line ?? null, column: position?.column ?? null, ...rest };
}

function lineOf({ file, position }: Finding, { texts }: LintedFiles): string | undefined {
  return position === undefined ? undefined : texts.get(file)?.split('\n')[position.line - 1];
}
