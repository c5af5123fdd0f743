import type { Scope } from '../credentials/scope.ts';
import { errorCode, Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { systemReason } from '../diagnostics/system-reason.ts';
import { type FileStatus, lstatSync, realpathSync, statSync } from '../system/fs.ts';
import { type PrivateDirectory, readPrivateFile } from './private-file.ts';
import { refuseExposure, refuseExposureAbove } from './store-permissions.ts';

/** Where the store is unless the command line names another directory. */
export const DEFAULT_CREDENTIAL_ROOT = '/etc/kubernetes/registries';

const DOCKER_CONFIG_FILE = 'config.json';

/** The endings of a scope's files; the first goes before the second. */
export const ENDINGS = ['.cred', '.json'] as const;

/** What no name has, as far as looking a file up is concerned. */
const NO_SUCH_FILE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

export interface StoreOptions {
  /** The credential root. */
  readonly credentialRoot: string;
  readonly allowInsecurePermissions: boolean;
}

/** A file of the store for a scope. */
export interface StoreFile {
  readonly scope: Scope;
  readonly path: string;
  readonly isEncrypted: boolean;
}

/**
 * The directory of credentials: `<scope>.json` in plain text, `<scope>.cred` encrypted, where a scope may
 * hold slashes, and Docker's config.json.
 */
export class CredentialStore implements PrivateDirectory {
  readonly root: string;
  readonly allowInsecurePermissions: boolean;

  private constructor(root: string, allowInsecurePermissions: boolean) {
    this.root = root;
    this.allowInsecurePermissions = allowInsecurePermissions;
  }

  /** Undefined where the directory is missing. Throws a Failure where it cannot be used. */
  static open({
    credentialRoot,
    allowInsecurePermissions,
  }: StoreOptions): CredentialStore | undefined {
    const found = look(credentialRoot, followed);
    if (found === undefined) return undefined;
    if (!found.isDirectory()) {
      throw new Failure(
        `the credential root ${quote(credentialRoot)} is no directory; name one with --credroot`,
      );
    }
    const root = realpathSync(credentialRoot);
    if (!allowInsecurePermissions) {
      refuseExposure(root, found);
      refuseExposureAbove(root);
    }
    return new CredentialStore(root, allowInsecurePermissions);
  }

  /** Whether there are scopes below a registry. */
  hasScopesBelow(authority: string): boolean {
    return look(`${this.root}/${authority}`, followed)?.isDirectory() === true;
  }

  /** The file of a scope; the encrypted one where there are two. */
  find(scope: Scope): StoreFile | undefined {
    for (const ending of ENDINGS) {
      const path = this.pathOf(scope, ending);
      if (look(path, itself) !== undefined) return { scope, path, isEncrypted: ending === '.cred' };
    }
    return undefined;
  }

  pathOf(scope: Scope, ending: (typeof ENDINGS)[number]): string {
    return `${this.root}/${scope.text}${ending}`;
  }

  /** Where Docker's own config.json would be. */
  get dockerConfigPath(): string {
    return `${this.root}/${DOCKER_CONFIG_FILE}`;
  }

  hasDockerConfig(): boolean {
    return look(this.dockerConfigPath, itself) !== undefined;
  }

  /** The content of a file of the store. Throws a Failure where it must not or cannot be read. */
  read(path: string): Uint8Array {
    return readPrivateFile(path, this);
  }
}

type Look = (path: string) => FileStatus | undefined;

// A missing file is the usual case; an exception for each would take most of the time.
const followed: Look = (path) => statSync(path, { throwIfNoEntry: false });
const itself: Look = (path) => lstatSync(path, { throwIfNoEntry: false });

function look(path: string, stat: Look): FileStatus | undefined {
  try {
    return stat(path);
  } catch (error) {
    if (NO_SUCH_FILE.has(errorCode(error) ?? '')) return undefined;
    throw new Failure(
      `cannot look for ${quote(path)}: ${systemReason(error)}; make its directory readable for root`,
    );
  }
}
