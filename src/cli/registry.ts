import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { SeedTarget } from '../demo/seed-target.ts';
import { errorCode, Failure, UsageError } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { quote } from '../diagnostics/quote.ts';
import { systemReason, wordsWithCode } from '../diagnostics/system-reason.ts';
import { stopSignal } from './stop-signal.ts';

interface RegistryFlags {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly passwordFile?: string;
  readonly seed?: readonly string[];
}

interface Started {
  readonly url: string;
  readonly host: string;
  readonly seeded: readonly SeedTarget[];
  readonly stop: () => Promise<void>;
}

const DEFAULT_SEED = 'docker.io/library/nginx';

/** `pullkey registry`: the embedded registry in the foreground, until SIGINT or SIGTERM. */
export function registryCommand(): Command {
  return new Command('registry')
    .description(
      'Run a registry in memory, with one user (basic authentication, plain HTTP), an image to pull and the access log on standard output; to try things out',
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', portOf, 5000)
    .option('--user <name>', 'who may pull and push', 'myuser')
    .option(
      '--password-file <file>',
      'the password (a final newline is not part of it); without it a random one is made and shown on standard error',
    )
    .option(
      '--seed <image>',
      `image to put in, under its path without the registry; may be repeated (default: ${DEFAULT_SEED})`,
      (image: string, others: readonly string[] = []) => [...others, image],
    )
    .action((flags: RegistryFlags) => serve(flags));
}

async function serve(flags: RegistryFlags): Promise<void> {
  if (flags.user === '' || /[:\n]/.test(flags.user)) {
    throw new UsageError(`--user ${quote(flags.user)}: expected a name without a colon`);
  }
  const password = await passwordOf(flags);
  const registry = await start(flags, password);
  const stopAsked = stopSignal();
  writeAll(2, greeting(flags, password, registry));
  await stopAsked;
  await registry.stop();
}

function greeting(flags: RegistryFlags, password: string, registry: Started): string {
  const shown = flags.passwordFile === undefined ? `password ${password}` : 'the password given';
  const images = registry.seeded.map(
    ({ repository, tag }) => `${registry.host}/${repository}:${tag}`,
  );
  const holds = images.map((image) => `Holds ${image}\n`).join('');
  return `Listening on ${registry.url} for user ${flags.user}, ${shown}\n${holds}`;
}

async function start(flags: RegistryFlags, password: string): Promise<Started> {
  // Only this command needs them: they are large.
  const { Registry } = await import('../demo/registry.ts');
  const { htpasswdFor } = await import('../demo/htpasswd.ts');
  const { seedTargetOf } = await import('../demo/seed-target.ts');
  const seeded = (flags.seed ?? [DEFAULT_SEED]).map(seedTargetOf);
  const { host, port } = flags;
  const htpasswd = await htpasswdFor({ [flags.user]: password });
  const onAccess = (line: string): void => writeAll(1, `${line}\n`);
  try {
    const registry = Registry.start({ host, port, htpasswd, onAccess });
    for (const { repository, tag } of seeded) registry.seedImage(repository, tag);
    return { url: registry.url, host: registry.host, stop: registry.stop, seeded };
  } catch (error) {
    const why = errorCode(error);
    if (why === undefined) throw error;
    throw new Failure(
      `cannot listen on ${host} port ${port}: ${wordsWithCode(why)}; choose another address with --host or --port`,
      { cause: error },
    );
  }
}

async function passwordOf({ passwordFile }: RegistryFlags): Promise<string> {
  if (passwordFile === undefined) {
    return Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString('base64url');
  }
  const text = await readFile(passwordFile, 'utf8').catch((error: unknown) => {
    throw new Failure(
      `cannot read the password file ${quote(passwordFile)}: ${systemReason(error)}; ` +
        'give --password-file a file that you may read',
    );
  });
  const password = text.replace(/\r?\n$/, '');
  if (password !== '') return password;
  throw new Failure(`the password file ${quote(passwordFile)} is empty: write a password into it`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new InvalidArgumentError('Expected a number from 0 to 65535.');
}
