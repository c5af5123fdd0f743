import { mkdirSync } from 'node:fs';
import { canMount } from './mounts.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Lays a tree over this machine's files, in namespaces of its own, and runs a script as root of that. */
const STAGE = `set -e
mount -t tmpfs none "$1"
mkdir "$1/tree" "$1/upper" "$1/work" "$1/root"
cp -a "$2/." "$1/tree/"
mount -t overlay overlay -o "lowerdir=$1/tree:/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount -t proc proc "$1/root/proc"
mount --rbind /dev "$1/root/dev"
mkdir -p "$1/root/pullkey-build"
mount --bind "$3" "$1/root/pullkey-build"
exec chroot "$1/root" bash -c "$4"
`;

const BUILD = new URL('../../build', import.meta.url).pathname;

/** What a script printed on a machine that has the files of a tree over its own, and sees its own processes alone. */
export interface MachineRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script there, with the executables of the build in `PATH`; the tree itself stays as it is. */
export async function runOnMachine(tree: string, script: string): Promise<MachineRun> {
  using stage = temporaryDirectory();
  const mountPoint = `${stage.path}/machine`;
  mkdirSync(mountPoint);
  const words = ['sh', '-c', STAGE, 'sh', mountPoint, tree, BUILD, script];
  const run = Bun.spawn(['unshare', '--mount', '--pid', '--fork', '--kill-child', ...words], {
    env: { PATH: `/pullkey-build:${process.env['PATH'] ?? ''}` },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr] = await Promise.all([run.stdout.text(), run.stderr.text()]);
  return { exitCode: await run.exited, stdout, stderr };
}

/** Whether that can be done here: as root, where file systems may be laid over each other. */
export const canBeMachine: boolean =
  canMount &&
  (await (async () => {
    using empty = temporaryDirectory();
    return (await runOnMachine(empty.path, 'exit 7')).exitCode === 7;
  })());
