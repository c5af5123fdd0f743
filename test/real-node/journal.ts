import { run } from './machine.ts';

const IDENTIFIER = 'SYSLOG_IDENTIFIER=crio-credential-provider';

/** A place in the journal, after which entries are looked for. */
export function journalCursor(): string {
  const told = run(['journalctl', '--no-pager', '--quiet', '-n', '1', '--show-cursor']);
  const [, cursor] = /^-- cursor: (.+)$/m.exec(told) ?? [];
  if (cursor === undefined) throw new Error(`journalctl told no cursor: ${told}`);
  return cursor;
}

/** The plugin's sentences since a cursor, run by run. */
export function runsSince(cursor: string): string[][] {
  const query = ['journalctl', '--no-pager', '-o', 'json', `--after-cursor=${cursor}`, IDENTIFIER];
  const runs = new Map<string, string[]>();
  for (const line of run(query).split('\n')) {
    // It says `-- No entries --` in the same place.
    if (!line.startsWith('{')) continue;
    const { _PID, MESSAGE }: { readonly _PID: string; readonly MESSAGE: string } = JSON.parse(line);
    runs.set(_PID, [...(runs.get(_PID) ?? []), MESSAGE]);
  }
  return [...runs.values()];
}
