import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeNodeFile } from './node-trees.ts';
import type { PullkeyRun } from './pullkey.ts';

const BUILD = new URL('../../build/pullkey', import.meta.url).pathname;
const SHELL = '/bin/sh';
/** Where the program lies on such a machine: no part of its installation. */
const PROGRAM = '/srv/pullkey';

/** How a machine is started: what of it cannot be written to. */
export interface Mounts {
  /** Directories that are read-only, as those of an image are. */
  readonly readOnly?: readonly string[];
  /** Directories of file systems that hold names but hardly any content. */
  readonly small?: readonly string[];
}

/** Makes a directory a machine on which our executable runs: with its libraries, a shell and restorecon(8). */
export function makeMachine(root: string): void {
  for (const program of [BUILD, SHELL]) copyLibraries(program, root);
  place(BUILD, root, PROGRAM);
  place(SHELL, root, SHELL);
  for (const path of ['/proc', '/dev', '/tmp', '/var/lib'])
    mkdirSync(join(root, path), { recursive: true });
  writeNodeFile(
    root,
    '/usr/sbin/restorecon',
    `#!${SHELL}\nfor i; do echo "$i"; done >> /srv/labelled\n`,
  );
  chmodSync(join(root, '/usr/sbin/restorecon'), 0o755);
  writeFileSync(join(root, '/srv/labelled'), '');
}

function copyLibraries(program: string, root: string): void {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  for (const [, path = ''] of stdout.matchAll(/(\/\S+) \(0x/g)) place(path, root, path);
}

function place(from: string, root: string, path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  copyFileSync(from, join(root, path));
  chmodSync(join(root, path), 0o755);
}

/** Runs `pullkey` there, in a mount namespace of its own. */
export function runOnMachine(
  root: string,
  args: readonly string[],
  { readOnly = [], small = [] }: Mounts = {},
): PullkeyRun {
  const mounts = [
    ...['/proc', '/dev'].map((path) => `mount --bind ${path} '${root}${path}'`),
    ...small.map((path) => `mount -t tmpfs -o size=64k,mode=0755 none '${root}${path}'`),
    ...readOnly.flatMap((path) => [
      `mount --bind '${root}${path}' '${root}${path}'`,
      `mount -o remount,bind,ro '${root}${path}'`,
    ]),
  ];
  const script = `${mounts.join(' && ')} && exec chroot '${root}' ${PROGRAM} "$@"`;
  const command = ['-m', '--propagation', 'private', 'bash', '-c', script, 'bash', ...args];
  const { status, stdout, stderr } = spawnSync('unshare', command, { encoding: 'utf8' });
  return { exitCode: status ?? -1, stdout, stderr };
}
