import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const NOBODY = 65534;
const BUILD = new URL('../../build/', import.meta.url).pathname;

export const isRoot = process.getuid?.() === 0;

/** Whom the plugin runs as. */
export interface PluginUser {
  readonly name: string;
  /** What to put before the plugin's arguments, with the plugin itself. */
  readonly command: readonly string[];
  readonly isRoot: boolean;
  readonly uid: number;
  /** Makes a file or directory this user's own. */
  own(path: string): void;
}

/** The users that this machine lets tests be: root and an ordinary one, or only whom they run as. */
export function pluginUsers(
  plugin = 'crio-credential-provider',
): { readonly users: readonly PluginUser[] } & Disposable {
  const executable = BUILD + plugin;
  const self = {
    command: [executable],
    isRoot,
    uid: process.getuid?.() ?? 0,
    own: () => undefined,
  };
  if (!isRoot) {
    const users = [{ name: 'an ordinary user', ...self }];
    return { users, [Symbol.dispose]: () => undefined };
  }
  const directory = mkdtempSync(join(tmpdir(), 'pullkey-user-'));
  return {
    users: [{ name: 'root', ...self }, nobody(executable, `${directory}/${plugin}`)],
    [Symbol.dispose]: () => rmSync(directory, { recursive: true }),
  };
}

/** Runs a copy that everybody may read, since the checkout may be in somebody's home directory. */
function nobody(executable: string, copy: string): PluginUser {
  chmodSync(dirname(copy), 0o755);
  copyFileSync(executable, copy);
  chmodSync(copy, 0o755);
  return {
    name: 'an ordinary user',
    command: ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', copy],
    isRoot: false,
    uid: NOBODY,
    own: (path) => chownSync(path, NOBODY, NOBODY),
  };
}
