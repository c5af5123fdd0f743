import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deadlineIn } from '../src/diagnostics/deadline.ts';
import { encryptCredential } from '../src/providers/systemd-creds.ts';

const REGISTRY = 'registry.example.org';
const CREDENTIAL = { username: 'puller', password: 'correct-horse' };
const HELPER = 'bench';
const ENCRYPTION_MS = 10_000;

/** What every program answers for the request. */
export const EXPECTED_AUTH = { [REGISTRY]: CREDENTIAL };

/** A node's credentials, kept in three ways: a credential root for each. */
export class FileStore implements Disposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'pullkey-bench-'));
  readonly request = join(this.#directory, 'request.json');
  readonly plainRoot = join(this.#directory, 'plain');
  readonly helperRoot = join(this.#directory, 'helper');
  readonly encryptedRoot = join(this.#directory, 'encrypted');
  readonly helperDir = join(this.#directory, 'helpers');
  readonly helper = join(this.helperDir, `docker-credential-${HELPER}`);
  readonly encryptedFile = join(this.encryptedRoot, `${REGISTRY}.cred`);
  readonly scope = { text: REGISTRY, path: '' };
  #isEncrypted = false;

  constructor() {
    for (const directory of [this.plainRoot, this.helperRoot, this.encryptedRoot, this.helperDir]) {
      mkdirSync(directory, { mode: 0o700 });
    }
    writeRequest(this.request);
    const plainFile = join(this.plainRoot, `${REGISTRY}.json`);
    writeFileSync(plainFile, JSON.stringify(CREDENTIAL), { mode: 0o600 });
    const named = JSON.stringify({ credHelper: HELPER });
    writeFileSync(join(this.helperRoot, `${REGISTRY}.json`), named, { mode: 0o600 });
    writeFileSync(this.helper, helperScript(), { mode: 0o755 });
  }

  /** Whether there is an encrypted file. */
  get isEncrypted(): boolean {
    return this.#isEncrypted;
  }

  /** Writes the encrypted file. Throws a Failure where this machine cannot encrypt. */
  async encrypt(): Promise<void> {
    const text = JSON.stringify(CREDENTIAL);
    const sealed = await encryptCredential(this.scope, text, deadlineIn(ENCRYPTION_MS));
    writeFileSync(this.encryptedFile, sealed, { mode: 0o600 });
    this.#isEncrypted = true;
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function writeRequest(path: string): void {
  const request = {
    kind: 'CredentialProviderRequest',
    apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
    image: `${REGISTRY}/team/app`,
  };
  writeFileSync(path, JSON.stringify(request));
}

/** A helper that costs little itself: no more than a shell. */
function helperScript(): string {
  const { username, password } = CREDENTIAL;
  const answer = JSON.stringify({ ServerURL: REGISTRY, Username: username, Secret: password });
  return `#!/bin/sh\nread -r server\nprintf '%s\\n' '${answer}'\n`;
}
