import { spawnSync } from 'node:child_process';

/** Whether this process may mount file systems: as root, and not in a container that forbids it. */
export const canMount = run(['unshare', '-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']);

/** Whether an overlay can be mounted as well, with its upper layer in memory. */
export const canOverlay =
  canMount &&
  run([
    ...['unshare', '-m', 'sh', '-ec'],
    'mount -t tmpfs none /mnt; mkdir /mnt/upper /mnt/work; ' +
      'mount -t overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work none /etc',
  ]);

/** A file system with room for names but not for a byte more of content; gone when its scope ends. */
export function mountFull(directory: string, owner: number): Disposable {
  mount(['-t', 'tmpfs', '-o', `size=4k,mode=0700,uid=${owner}`, 'none', directory], directory);
  // It takes what fits and then fails, which is what is wanted.
  run(['dd', 'if=/dev/zero', `of=${directory}/.filler`, 'bs=4096', 'count=2']);
  return { [Symbol.dispose]: () => unmount(directory) };
}

/** Makes a directory read-only, also for root, until its scope ends. */
export function mountReadOnly(directory: string): Disposable {
  mount(['--bind', directory, directory], directory);
  mount(['-o', 'remount,bind,ro', directory], directory);
  return { [Symbol.dispose]: () => unmount(directory) };
}

function mount(options: readonly string[], directory: string): void {
  if (!run(['mount', ...options])) throw new Error(`cannot mount ${directory}`);
}

function unmount(directory: string): void {
  run(['umount', '-l', directory]);
}

function run([program = '', ...rest]: readonly string[]): boolean {
  return spawnSync(program, rest, { stdio: 'ignore' }).status === 0;
}
