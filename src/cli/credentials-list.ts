import type { Command } from 'commander';
import { writeAll } from '../diagnostics/output.ts';
import { plain } from '../diagnostics/plain.ts';
import { CredentialStore } from '../providers/credential-store.ts';
import type { SourceKind } from '../providers/file.ts';
import { type ListedCredential, listStore } from '../providers/store-listing.ts';
import { modeText } from '../providers/store-permissions.ts';
import { decryption, type StoreFlags, storeCommand, storeOptions } from './credentials-options.ts';
import { outputFormat } from './output-format.ts';
import { table } from './table.ts';

interface ListFlags extends StoreFlags {
  readonly output: string;
}

/** One line of the list; a field that is not known is left out. */
interface Row {
  readonly scope?: string;
  readonly user?: string;
  readonly kind: SourceKind | 'helper';
  readonly helper?: string;
  readonly duration?: string;
  readonly ageSeconds: number;
  readonly mode: string;
  readonly path: string;
  readonly problem?: string;
}

/** `pullkey credentials list`: what is in the store, without the secrets. */
export function listCommand(): Command {
  return storeCommand('list')
    .summary('List what is stored')
    .description(
      'List what is stored: scope, user, kind, age and mode of each file, and why the plugin does not use one; never a password.',
    )
    .addOption(outputFormat('text', 'json'))
    .action(list);
}

async function list(flags: ListFlags): Promise<void> {
  const store = CredentialStore.open(storeOptions(flags));
  const listed = store === undefined ? [] : await listStore(store, decryption());
  const rows = listed.map((one) => rowOf(one, Date.now()));
  if (flags.output === 'json') writeAll(1, `${JSON.stringify(rows, null, 2)}\n`);
  else writeAll(1, textOf(rows));
}

function rowOf(listed: ListedCredential, now: number): Row {
  const { stats, username, ...shown } = listed;
  return {
    ...shown,
    ...(username === undefined ? {} : { user: username }),
    kind: listed.helper === undefined ? listed.kind : 'helper',
    ageSeconds: Math.max(Math.floor((now - stats.mtimeMs) / 1000), 0),
    mode: modeText(stats),
  };
}

function textOf(rows: readonly Row[]): string {
  if (rows.length === 0) return 'nothing is stored\n';
  const lines = rows.map((row) => [
    row.scope ?? '-',
    row.user === undefined ? '-' : plain(row.user),
    row.helper === undefined ? row.kind : `helper ${row.helper}`,
    ageText(row.ageSeconds),
    row.mode,
    row.problem ?? '',
  ]);
  return table([['SCOPE', 'USER', 'KIND', 'AGE', 'MODE', 'PROBLEM'], ...lines]);
}

const UNITS: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'm'],
];

/** In the largest unit of which there are two, as people say it. */
function ageText(seconds: number): string {
  const [size, unit] = UNITS.find(([length]) => seconds >= 2 * length) ?? [1, 's'];
  return `${Math.floor(seconds / size)}${unit}`;
}
