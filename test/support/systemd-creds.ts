import { test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { canMount } from './mounts.ts';
import { isRoot } from './plugin-user.ts';

const SLOW_MACHINE_MS = 60_000;

/** Only root may use the host's key, and not every container has a place for it. */
function canEncrypt(): boolean {
  const program = Bun.which('systemd-creds');
  if (program === null || !isRoot) return false;
  const command = [program, 'encrypt', '--name=probe', '-', '-'];
  return Bun.spawnSync(command, { stdin: Buffer.from('x') }).exitCode === 0;
}

/** `test`, skipped where systemd-creds cannot encrypt; with PULLKEY_REQUIRE_REAL=1 it fails instead. */
export const systemdCredsTest: (title: string, check: () => Promise<void>) => void =
  canEncrypt() || process.env['PULLKEY_REQUIRE_REAL'] === '1'
    ? (title, check) => test(title, check, SLOW_MACHINE_MS)
    : test.skip;

/** The same for tests that also need a mount namespace of their own, which some containers forbid. */
export const otherHostTest: typeof systemdCredsTest = canMount ? systemdCredsTest : test.skip;

const KEYS = '/var/lib/systemd';

/** What to put before a command so that it runs as on another host: with another key, or with none yet. */
export function otherHost(key: 'own' | 'none'): { readonly inside: string[] } & Disposable {
  // Not in /tmp, which may be in memory: systemd-creds keeps no key there.
  const directory = mkdtempSync('/var/tmp/pullkey-host-');
  const inside = within(`mount --bind '${directory}' ${KEYS}`);
  if (key === 'own') Bun.spawnSync([...inside, 'systemd-creds', 'setup']);
  return { inside, [Symbol.dispose]: () => rmSync(directory, { recursive: true }) };
}

/** What to put before a command so that it finds another program there; with `/dev/null`, none. */
export function inPlaceOfSystemdCreds(program: string): string[] {
  return within(`mount --bind '${program}' '${Bun.which('systemd-creds')}'`);
}

/** In a mount namespace of its own, once it is prepared. */
function within(preparation: string): string[] {
  return ['unshare', '--mount', 'sh', '-c', `${preparation} && exec "$@"`, 'sh'];
}
