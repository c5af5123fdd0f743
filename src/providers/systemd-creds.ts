import type { Scope } from '../credentials/scope.ts';
import type { Deadline } from '../diagnostics/deadline.ts';
import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { type ChildResult, runChild } from './child-process.ts';

/** The environment of whoever started us decides nothing: not the key, not the program. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin:/usr/local/bin:/run/current-system/sw/bin', LANG: 'C' };

/** The path of systemd-creds(1), where it is installed. */
export function findSystemdCreds(): string | undefined {
  return Bun.which('systemd-creds', { PATH: ENVIRONMENT.PATH }) ?? undefined;
}

/**
 * The name that systemd seals into an encrypted credential: names allow neither `:` nor `/`, so it is
 * made from the scope. A file that is copied to another scope does not decrypt.
 */
export function credentialName(scope: Scope): string {
  return `pullkey-${Bun.SHA256.hash(scope.text, 'hex')}`;
}

/** Encrypts a text for a scope with the TPM or the host's key. Throws a Failure. */
export async function encryptCredential(
  scope: Scope,
  text: string,
  deadline: Deadline,
): Promise<Buffer> {
  const result = await runSystemdCreds('encrypt', scope, text, deadline);
  if (result.kind === 'exited' && result.code === 0) return result.stdout;
  throw new Failure(
    `cannot encrypt the credential for ${quote(scope.text)} (${reasonOf(result)}); run as root where systemd-creds works, or store it in plain text with --no-encrypt`,
  );
}

/** Decrypts a file of a scope; `path` is for messages. Throws a Failure that says how to make it anew. */
export async function decryptCredential(
  scope: Scope,
  sealed: Uint8Array,
  path: string,
  deadline: Deadline,
): Promise<Buffer> {
  const result = await runSystemdCreds('decrypt', scope, sealed, deadline);
  if (result.kind === 'exited' && result.code === 0) return result.stdout;
  throw new Failure(
    `cannot decrypt the credential file ${quote(path)} (${reasonOf(result)}); where it was encrypted ` +
      `on another host or for another scope, make it anew: pullkey credentials rotate ${scope.text} --username USER`,
  );
}

function runSystemdCreds(
  verb: 'encrypt' | 'decrypt',
  scope: Scope,
  input: string | Uint8Array,
  deadline: Deadline,
): Promise<ChildResult> {
  const program = findSystemdCreds();
  if (program === undefined) {
    const reason = 'systemd-creds is not installed';
    return Promise.resolve({ kind: 'not-started', reason, isMissing: true });
  }
  return runChild({
    command: [program, verb, `--name=${credentialName(scope)}`, '-', '-'],
    input,
    environment: ENVIRONMENT,
    deadline,
  });
}

function reasonOf(result: ChildResult): string {
  switch (result.kind) {
    case 'exited': {
      // Lines before the last one are warnings, such as one that the key's disk is not encrypted.
      const line = result.stderr.trim().split('\n').at(-1) ?? '';
      return line === ''
        ? `systemd-creds ended with ${result.code}`
        : `systemd-creds: ${quote(line)}`;
    }
    case 'overdue':
      return 'systemd-creds did not end in time';
    case 'flooded':
      return 'systemd-creds printed too much';
    case 'not-started':
      return result.isMissing ? result.reason : `systemd-creds does not start: ${result.reason}`;
  }
}
