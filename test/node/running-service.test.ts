import { describe, expect, test } from 'bun:test';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { runningServices } from '../../src/node/running-service.ts';
import { withTemporaryDirectory } from '../support/temporary-directory.ts';

const TICKS = 12_345;

/** A proc(5) with one process. */
function withProcess(title: string, check: (proc: string) => void): void {
  withTemporaryDirectory((proc) => {
    writeFileSync(`${proc}/stat`, 'cpu 1 2\nbtime 1700000000\n');
    for (const pid of ['self', '7']) {
      mkdirSync(`${proc}/${pid}`);
      symlinkSync(proc, `${proc}/${pid}/root`);
    }
    writeFileSync(`${proc}/7/cmdline`, `${title}\0`);
    const fields = ['S', ...Array.from({ length: 18 }, (_, index) => index), TICKS, 0];
    writeFileSync(`${proc}/7/stat`, `7 (a (b) c) ${fields.join(' ')}\n`);
    check(proc);
  });
}

describe('a service that runs', () => {
  test('tells when it was started, whatever its command is called', () => {
    withProcess('/usr/bin/crio\0--config=x', (proc) => {
      expect(runningServices('crio', proc)).toEqual([
        {
          pid: 7,
          args: ['--config=x'],
          startedAt: 1_700_000_000_000 + TICKS * 10,
          executable: `${proc}/7/exe`,
        },
      ]);
      expect(runningServices('cri', proc)).toEqual([]);
    });
  });

  test('may have put its arguments into its title', () => {
    withProcess('/usr/local/bin/k3s server', (proc) => {
      expect(runningServices('k3s', proc)).toMatchObject([{ pid: 7, args: [] }]);
    });
  });

  test('has no known start where proc(5) hides it', () => {
    withProcess('crio', (proc) => {
      rmSync(`${proc}/stat`);
      expect(runningServices('crio', proc)).toMatchObject([{ startedAt: undefined }]);
    });
  });

  test('was started before now, for real', () => {
    const child = Bun.spawn(['bash', '-c', 'exec -a pullkey-test-service sleep 60']);
    try {
      let found = runningServices('pullkey-test-service');
      for (let wait = 0; found.length === 0 && wait < 500; wait += 1) {
        Bun.sleepSync(10);
        found = runningServices('pullkey-test-service');
      }
      const [service] = found;
      expect(service?.pid).toBe(child.pid);
      expect(Math.abs((service?.startedAt ?? 0) - Date.now())).toBeLessThan(600_000);
    } finally {
      child.kill();
    }
  });
});
