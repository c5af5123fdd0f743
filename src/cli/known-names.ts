import type { Command } from 'commander';

/**
 * What is known where a command line names a flag or command that is not: a line to follow commander's own
 * message; empty for any other message.
 */
export function knownNames(command: Command, message: string): string {
  const help = command.createHelp();
  if (message.startsWith('error: unknown option')) {
    return line(help.visibleOptions(command).map(({ long, short }) => long ?? short ?? ''));
  }
  if (message.startsWith('error: unknown command')) {
    return line(help.visibleCommands(command).map((one) => one.name()));
  }
  return '';
}

function line(names: readonly string[]): string {
  return `Known are ${names.join(', ')}.\n`;
}
