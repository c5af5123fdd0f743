import type { HelperCredential } from '../credentials/helper-answer.ts';
import type { Scope } from '../credentials/scope.ts';
import type { Deadline } from '../diagnostics/deadline.ts';
import { askHelper } from './credential-helper.ts';
import { CredentialStore } from './credential-store.ts';
import type { FileOptions } from './file-options.ts';
import { decryptCredential } from './systemd-creds.ts';

/** All that a plan reads, asked for only when it is needed. */
export interface FileWorld {
  /** Undefined where there is no store. */
  openStore(): CredentialStore | undefined;
  /** The content of an encrypted file; `path` is for messages. */
  decrypt(scope: Scope, sealed: Uint8Array, path: string): Promise<Uint8Array>;
  /** What a credential helper gives for a registry (`host[:port]`). */
  askHelper(name: string, authority: string): Promise<HelperCredential>;
}

/** The node that the plugin runs on. */
export function nodeFiles(
  options: Omit<FileOptions, 'logLevel' | 'logFormat' | 'timeout'>,
  deadline: Deadline,
): FileWorld {
  return {
    openStore: () => CredentialStore.open(options),
    decrypt: (scope, sealed, path) => decryptCredential(scope, sealed, path, deadline),
    askHelper: (name, authority) => askHelper(name, authority, options, deadline),
  };
}
