import { Command, CommanderError } from 'commander';
import { buildInfo } from '../diagnostics/build-info.ts';
import { errorCode, Failure, ToldFailure } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { plain } from '../diagnostics/plain.ts';
import { systemReason } from '../diagnostics/system-reason.ts';
import type { Environment } from '../providers/credential-helper.ts';
import { butaneCommand } from './butane.ts';
import { credentialsCommand } from './credentials.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { installCommand } from './install.ts';
import { knownNames } from './known-names.ts';
import { lintCommand } from './lint.ts';
import { matchImageCommand } from './match-image.ts';
import { registriesCommand } from './registries.ts';
import { registryCommand } from './registry.ts';
import { renderCommand } from './render.ts';
import { uninstallCommand } from './uninstall.ts';

/** One file of this directory a command; each gives its commander definition. */
const COMMANDS: readonly ((environment: Environment) => Command)[] = [
  () => explainCommand(),
  doctorCommand,
  registriesCommand,
  matchImageCommand,
  registryCommand,
  renderCommand,
  demoCommand,
  butaneCommand,
  credentialsCommand,
  lintCommand,
  installCommand,
  uninstallCommand,
];

/** Runs one `pullkey` command in an environment of variables; returns the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function runPullkey(
  args: readonly string[],
  environment: Environment,
): Promise<number> {
  try {
    await pullkey(environment).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return exitCodeOf(error);
  }
}

function pullkey(environment: Environment): Command {
  const program = new Command('pullkey')
    .description('Authenticated registry mirrors with each namespace’s own credentials')
    .version(buildInfo().version);
  for (const command of COMMANDS) program.addCommand(command(environment));
  return tamed(program);
}

/** Commander would write to the process's streams and end it itself; only `bin/` may. */
function tamed(command: Command): Command {
  command.exitOverride().configureOutput({
    writeOut: (text) => writeAll(1, text),
    writeErr: (text) => writeAll(2, text),
    outputError: (text) => writeAll(2, text + knownNames(command, text)),
  });
  for (const subcommand of command.commands) tamed(subcommand);
  return command;
}

function exitCodeOf(error: unknown): number {
  // Commander has printed its own message (or the help that was asked for) by now.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof ToldFailure)) writeAll(2, `pullkey: ${sentenceFor(error)}\n`);
  return error instanceof Failure ? error.exitCode : 1;
}

/** What the runtime notes beside the system's code. */
function whatFailed(error: unknown): string {
  const path = error instanceof Error && 'path' in error ? error.path : undefined;
  return typeof path === 'string' ? plain(path) : 'a file or stream';
}

function sentenceFor(error: unknown): string {
  if (error instanceof Failure) return error.message;
  if (errorCode(error) !== undefined) {
    return `the system refuses ${whatFailed(error)}: ${systemReason(error)}; check disk, permissions and TMPDIR`;
  }
  // A defect of this program: the message may quote anything, and the runtime would print our source.
  const kind = error instanceof Error ? error.name : typeof error;
  return `internal error (${kind}); please report it with the command that you gave`;
}
