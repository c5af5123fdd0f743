import { test } from 'bun:test';
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
