import { describe, expect, test } from 'bun:test';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { authDirectory } from '../../../src/cli/doctor/auth-directory.ts';
import { disk } from '../../../src/cli/doctor/disk.ts';
import { staleAuthFiles } from '../../../src/cli/doctor/stale-files.ts';
import { freeSpace } from '../../../src/node/free-space.ts';
import { expectMending, findingIn, healthyNode, look } from '../../support/doctor.ts';
import { writeNodeFile } from '../../support/node-trees.ts';
import { isRoot } from '../../support/plugin-user.ts';

const AUTH = '/etc/crio/auth';
const STRANGER = 12_345;

describe('auth-directory', () => {
  test('that is missing is fine: the plugin makes it', async () => {
    using node = await healthyNode();
    rmSync(join(node.path, AUTH), { recursive: true });
    expect(await look(node.path, authDirectory)).toMatchObject([
      { verdict: 'ok', text: `${AUTH} is made at the first pull` },
    ]);
  });

  test.each<[string, (place: string) => void, string]>([
    [
      'a link',
      (place) => symlinkSync('/tmp', place),
      `${AUTH} is a link, and the plugin writes no`,
    ],
    [
      'a file',
      (place) => writeFileSync(place, ''),
      `${AUTH} is no directory, and the plugin writes`,
    ],
  ])('that is %s is replaced by the command that is told', async (_, make, text) => {
    using node = await healthyNode();
    const place = join(node.path, AUTH);
    rmSync(place, { recursive: true });
    make(place);
    await expectMending(node.path, authDirectory, {
      verdict: 'broken',
      text,
      command: /^rm (\S+\/etc\/crio\/auth) && mkdir -m 0700 \1$/,
    });
  });

  test.each([
    [
      0o777,
      'broken',
      `others than root can write ${AUTH}, and the plugin writes no passwords there`,
    ],
    [0o755, 'warning', `others than root can list ${AUTH} (mode 0755)`],
  ] as const)('of mode %o is closed by the command that is told', async (mode, verdict, text) => {
    using node = await healthyNode();
    chmodSync(join(node.path, AUTH), mode);
    await expectMending(node.path, authDirectory, { verdict, text, command: /^chmod 0700 / });
  });

  test.skipIf(!isRoot)('of another user is given back by the command that is told', async () => {
    using node = await healthyNode();
    chownSync(join(node.path, AUTH), STRANGER, STRANGER);
    await expectMending(node.path, authDirectory, {
      verdict: 'broken',
      text: `${AUTH} belongs to the user ${STRANGER}, and the plugin writes no passwords there`,
      command: /^chown root:root /,
    });
  });

  test('is where the args of the plugin say', async () => {
    using node = await healthyNode();
    mkdirSync(join(node.path, '/run/auth'), { recursive: true, mode: 0o755 });
    const flags = { authDir: '/run/auth' };
    findingIn(await look(node.path, authDirectory, { flags }), {
      verdict: 'warning',
      text: 'others than root can list /run/auth',
    });
  });
});

describe('stale-auth-files', () => {
  const OLD = new Date(Date.now() - 61 * 60_000);
  const NAME = `team-a-${'0'.repeat(64)}.json`;

  test('are removed by the command that is told, and nothing else is', async () => {
    using node = await healthyNode();
    const others = [`team-b-${'1'.repeat(64)}.json`, 'README', 'in-use/x-y.json'];
    for (const name of [NAME, ...others]) writeNodeFile(node.path, `${AUTH}/${name}`, '{}');
    writeNodeFile(node.path, `${AUTH}/.auth-${'a'.repeat(32)}.tmp`, '{}');
    for (const name of [NAME, 'README', 'in-use/x-y.json', `.auth-${'a'.repeat(32)}.tmp`]) {
      utimesSync(join(node.path, AUTH, name), OLD, OLD);
    }
    await expectMending(node.path, staleAuthFiles, {
      verdict: 'warning',
      text: `2 auth files with passwords, older than 60 min, lie unused in ${AUTH}`,
      command: /^find \S+\/etc\/crio\/auth -maxdepth 1 /,
    });
    for (const name of others) expect(existsSync(join(node.path, AUTH, name))).toBe(true);
  });

  test('are those older than the plugin is told', async () => {
    using node = await healthyNode();
    writeNodeFile(node.path, `${AUTH}/${NAME}`, '{}');
    const tenMinutes = new Date(Date.now() - 10 * 60_000);
    utimesSync(join(node.path, AUTH, NAME), tenMinutes, tenMinutes);
    expect(await look(node.path, staleAuthFiles)).toMatchObject([{ verdict: 'ok' }]);
    await expectMending(
      node.path,
      staleAuthFiles,
      {
        verdict: 'warning',
        text: '1 auth file with passwords, older than 5 min',
        command: /-mmin \+4/,
      },
      { flags: { staleAfter: '5m' } },
    );
  });
});

describe('disk', () => {
  const ROOM = { bytes: 2 ** 40, share: 0.5, files: 1_000 };
  const space =
    (part: string, found: object) =>
    (place: string): typeof ROOM =>
      place.endsWith(part) ? { ...ROOM, ...found } : ROOM;

  test.each([
    ['no room', { bytes: 2 ** 20 }, 'has room for 1024 KiB, and auth files go there'],
    ['no files left', { files: 0 }, 'has room for no further files, and auth files go there'],
  ])('%s for auth files is told with how to see what takes it', async (_, found, text) => {
    using node = await healthyNode();
    const [finding] = await look(node.path, disk, { space: space(AUTH, found) });
    expect(finding).toMatchObject({ verdict: 'broken', text: expect.stringContaining(text) });
    const { remedy } = finding ?? {};
    expect(remedy).toMatchObject({
      change: expect.stringMatching(
        /^make room on that file system: df -h \S+\/etc\/crio names it$/,
      ),
    });
  });

  test('little room for images is told with the command that makes some', async () => {
    using node = await healthyNode();
    const few = { space: space('/var/lib/containers/storage', { share: 0.149, bytes: 2 ** 30 }) };
    expect(await look(node.path, disk, few)).toEqual([
      {
        check: 'disk',
        verdict: 'warning',
        text: '14 % (1024 MiB) are free where images are, and below 15 % the kubelet removes some, which are then pulled again',
        remedy: { command: 'crictl rmi --prune' },
      },
    ]);
    expect(await look(node.path, disk, { space: () => ROOM })).toMatchObject([{ verdict: 'ok' }]);
  });

  test('the space of a directory that is not there is that of the one above', () => {
    const here = freeSpace('/nonexistent/directory');
    expect(here.share).toBeGreaterThan(0);
    expect(here.share).toBeLessThanOrEqual(1);
    expect(here.bytes).toBeGreaterThan(0);
  });
});
