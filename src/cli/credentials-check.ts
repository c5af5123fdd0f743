import type { Command } from 'commander';
import { parseScope } from '../credentials/scope.ts';
import { Failure, UsageError } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { plain } from '../diagnostics/plain.ts';
import { quote } from '../diagnostics/quote.ts';
import { lookupKeyOf } from '../kubelet/keyring.ts';
import { type CredentialCheck, checkCredential } from '../providers/credential-check.ts';
import { DEFAULT_HELPER_DIR, type Environment } from '../providers/credential-helper.ts';
import { CredentialStore } from '../providers/credential-store.ts';
import { type FileWorld, nodeFiles } from '../providers/file-world.ts';
import { listStore } from '../providers/store-listing.ts';
import {
  commandDeadline,
  type StoreFlags,
  storeCommand,
  storeOptions,
} from './credentials-options.ts';
import { outputFormat } from './output-format.ts';
import { table } from './table.ts';

interface CheckFlags extends StoreFlags {
  readonly image?: string;
  readonly helperDir: string;
  readonly insecure?: boolean;
  readonly output: string;
}

type Row = { readonly scope: string } & CredentialCheck;

/** `pullkey credentials check [SCOPE]`: asks the registries whether the credentials work. */
export function checkCommand(environment: Environment): Command {
  return storeCommand('check')
    .summary('Ask the registry whether a credential works')
    .description(
      'Show the registry the credential that the plugin would answer, as docker login does, and tell whether it is taken. Ends with 1 where one is not.',
    )
    .argument('[scope]', 'HOST[:PORT][/PATH] as it was stored; all that is stored without it')
    .option('--image <image>', 'instead of a scope: may this image be pulled?')
    .option('--helper-dir <directory>', 'of docker-credential-NAME', DEFAULT_HELPER_DIR)
    .option('--insecure', 'take any certificate, and plain HTTP')
    .addOption(outputFormat('text', 'json'))
    .action((scope: string | undefined, flags: CheckFlags) => check(scope, flags, environment));
}

async function check(
  scope: string | undefined,
  flags: CheckFlags,
  environment: Environment,
): Promise<void> {
  if (scope !== undefined && flags.image !== undefined) {
    throw new UsageError('give either a scope or --image');
  }
  const options = {
    ...storeOptions(flags),
    helperDir: flags.helperDir,
    environment: () => environment,
  };
  const rows = await rowsFor(scope, flags, () => nodeFiles(options, commandDeadline()));
  writeAll(1, flags.output === 'json' ? `${JSON.stringify(rows, null, 2)}\n` : textOf(rows));
  const bad = rows.filter(({ verdict }) => verdict === 'refused' || verdict === 'unknown');
  if (bad.length > 0) {
    const names = bad.map((row) => quote(row.scope)).join(', ');
    throw new Failure(`no working credential for ${names}; see the reasons above`);
  }
}

async function rowsFor(
  scope: string | undefined,
  { image, insecure = false, ...flags }: CheckFlags,
  world: () => FileWorld,
): Promise<Row[]> {
  if (image !== undefined) {
    return [{ scope: image, ...(await checkCredential(image, world(), { insecure, pull: true })) }];
  }
  const scopes =
    scope === undefined ? await storedScopes(flags, world()) : [parseScope(scope).text];
  const rows: Row[] = [];
  for (const one of scopes)
    rows.push({ scope: one, ...(await checkScope(one, world(), insecure)) });
  return rows;
}

/** All that name one registry: not the wildcards of a config.json. */
async function storedScopes(flags: StoreFlags, world: FileWorld): Promise<string[]> {
  const store = CredentialStore.open(storeOptions(flags));
  const listed = store === undefined ? [] : await listStore(store, world);
  const scopes = listed.flatMap(({ scope, kind }) => {
    if (scope === undefined) return [];
    return kind === 'docker-config' ? [lookupKeyOf(scope) ?? scope] : [scope];
  });
  return [...new Set(scopes)].filter((scope) => !scope.includes('*'));
}

/** By an image that it is for; of a whole domain nobody can say which registry to ask. */
async function checkScope(
  scope: string,
  world: FileWorld,
  insecure: boolean,
): Promise<CredentialCheck> {
  const [host = ''] = scope.split('/');
  if (!/[.:]/.test(host) && host !== 'localhost') {
    return { verdict: 'unknown', reason: 'it is for a whole domain; name an image with --image' };
  }
  return checkCredential(`${scope}/pullkey`, world, { insecure, pull: false });
}

function textOf(rows: readonly Row[]): string {
  if (rows.length === 0) return 'nothing is stored\n';
  const lines = rows.map(({ scope, username, verdict, reason }) => [
    scope,
    username === undefined ? '-' : plain(username),
    verdict.replaceAll('-', ' '),
    reason ?? '',
  ]);
  return table([['SCOPE', 'USER', 'RESULT', 'REASON'], ...lines]);
}
