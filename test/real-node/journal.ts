import { run } from './machine.ts';

const IDENTIFIER = 'SYSLOG_IDENTIFIER=crio-credential-provider';

/** A place in the journal, after which entries are looked for. */
export function journalCursor(): string {
  return run(['journalctl', '--no-pager', '-n', '0', '--show-cursor'])
    .replace(/^-- cursor: /m, '')
    .trim();
}

/** The plugin's sentences since a cursor, run by run. */
export function runsSince(cursor: string): string[][] {
  const query = ['journalctl', '--no-pager', '-o', 'json', `--after-cursor=${cursor}`, IDENTIFIER];
  const runs = new Map<string, string[]>();
  for (const line of run(query).split('\n')) {
    if (line === '') continue;
    const { _PID, MESSAGE }: { readonly _PID: string; readonly MESSAGE: string } = JSON.parse(line);
    runs.set(_PID, [...(runs.get(_PID) ?? []), MESSAGE]);
  }
  return [...runs.values()];
}
