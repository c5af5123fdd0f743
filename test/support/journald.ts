import { test } from 'bun:test';
import { existsSync } from 'node:fs';
import { canMount } from './mounts.ts';
import { isRoot } from './plugin-user.ts';

const JOURNALD = '/lib/systemd/systemd-journald';
const SOCKET = '/run/systemd/journal/stdout';

/** One entry as `journalctl -o json` prints it, as far as tests need it. */
export interface JournalEntry {
  readonly MESSAGE: string;
  readonly PRIORITY: string;
  readonly SYSLOG_IDENTIFIER: string;
  readonly _PID: string;
  readonly _TRANSPORT: string;
}

/** `test`, skipped where no journald can be run; with PULLKEY_REQUIRE_REAL=1 it fails instead. */
export const journaldTest: (title: string, check: () => Promise<void>) => void =
  (existsSync(JOURNALD) && isRoot) || process.env['PULLKEY_REQUIRE_REAL'] === '1'
    ? (title, check) => test(title, check, 120_000)
    : test.skip;

/** A systemd-journald of its own, run by hand as root. */
export class Journald implements AsyncDisposable {
  /** Puts a command where this journal's socket is. */
  readonly inside: readonly string[];
  readonly #process: Bun.Subprocess;

  private constructor(child: Bun.Subprocess, inside: readonly string[]) {
    this.#process = child;
    this.inside = inside;
  }

  static async start(): Promise<Journald> {
    if (!isRoot) throw new Error(`${JOURNALD} must be started as root`);
    const child = Bun.spawn([...startCommand()], { stdio: ['ignore', 'ignore', 'ignore'] });
    const inside = canMount ? ['nsenter', `--target=${child.pid}`, '--mount'] : [];
    const isListening = [...inside, 'test', '-S', SOCKET];
    for (let attempt = 0; Bun.spawnSync(isListening).exitCode !== 0; attempt += 1) {
      if (attempt === 300) throw new Error(`${JOURNALD} does not listen at ${SOCKET}`);
      await Bun.sleep(100);
    }
    return new Journald(child, inside);
  }

  /** A plugin's entries of one process, oldest first, once there are as many as expected. */
  async entries(
    pid: number,
    expected: number,
    plugin = 'crio-credential-provider',
  ): Promise<JournalEntry[]> {
    const query = ['journalctl', '--no-pager', '--output=json', '--quiet', `_PID=${pid}`];
    let entries: JournalEntry[] = [];
    for (let attempt = 0; attempt < 100 && entries.length < expected; attempt += 1) {
      const read = Bun.spawnSync([...this.inside, ...query, `SYSLOG_IDENTIFIER=${plugin}`]);
      const lines = read.stdout.toString().split('\n');
      entries = lines.filter((line) => line !== '').map((line) => JSON.parse(line));
      await Bun.sleep(100);
    }
    return entries;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill();
    await this.#process.exited;
  }
}

/** In a mount namespace of its own with a fresh /run where that is possible, so that no journal is disturbed. */
function startCommand(): readonly string[] {
  const run = `mkdir -p /run/systemd/journal && exec ${JOURNALD}`;
  const fresh = 'mount -t tmpfs none /run; mount -t tmpfs none /var/log';
  return canMount ? ['unshare', '--mount', 'sh', '-c', `${fresh}; ${run}`] : ['sh', '-c', run];
}
