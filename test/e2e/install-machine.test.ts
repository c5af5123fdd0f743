import { describe, expect, test } from 'bun:test';
import { lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeMachine, runOnMachine } from '../support/machine.ts';
import { canMount } from '../support/mounts.ts';
import {
  contentsOf,
  KUBEADM_DEB,
  type NodeFiles,
  RHCOS,
  writeNodeFile,
} from '../support/node-trees.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const SLOW_MACHINE_MS = 120_000;
const PLUGINS = '/usr/libexec/kubelet-image-credential-provider-plugins';
const OWN_PLUGINS = '/var/lib/pullkey/plugins';

/** The machine's own root, as the program sees it that runs there. */
function machine(files: NodeFiles): Disposable & { readonly path: string } {
  const directory = temporaryDirectory();
  makeMachine(directory.path);
  for (const [path, text] of Object.entries(files)) writeNodeFile(directory.path, path, text);
  return directory;
}

/** All but the executable's own place and the stand-in's notes. */
function filesOf(root: string): Record<string, string> {
  const files = contentsOf(root);
  return Object.fromEntries(Object.entries(files).filter(([path]) => !/^\/srv\//.test(path)));
}

const labelled = (root: string) =>
  readFileSync(join(root, '/srv/labelled'), 'utf8').split('\n').slice(0, -1);

describe.skipIf(!canMount)('on the machine itself', () => {
  test(
    'a read-only plugin directory is left for one of ours, and everything gets its context',
    () => {
      using node = machine({
        ...KUBEADM_DEB,
        [`${PLUGINS}/ecr-credential-provider`]: 'ecr\n',
        '/etc/kubernetes/credential-provider-config.yaml':
          RHCOS['/etc/kubernetes/credential-providers/ecr-credential-provider.yaml'] ?? '',
      });
      const before = filesOf(node.path);
      const run = (...args: string[]) => runOnMachine(node.path, args, { readOnly: ['/usr'] });

      const installed = run('install', '--mirror', 'quay.io=mirror.corp');
      expect(installed.exitCode).toBe(0);
      expect(installed.stderr).toContain('cannot run systemctl: ');
      expect(installed.stderr).toContain('CRI-O reads the mirrors once it is started, or reloaded');
      const link = (name: string) => readlinkSync(join(node.path, OWN_PLUGINS, name));
      expect(link('crio-credential-provider')).toBe('pullkey');
      expect(link('ecr-credential-provider')).toBe(`${PLUGINS}/ecr-credential-provider`);
      expect(lstatSync(join(node.path, OWN_PLUGINS, 'pullkey')).size).toBe(
        lstatSync(join(node.path, '/srv/pullkey')).size,
      );
      expect(readFileSync(join(node.path, '/etc/default/kubelet'), 'utf8')).toContain(
        `--image-credential-provider-bin-dir=${OWN_PLUGINS} `,
      );
      expect(labelled(node.path)).toEqual(
        expect.arrayContaining([
          '/etc/kubernetes/credential-provider-config.yaml',
          '/etc/default/kubelet',
          `${OWN_PLUGINS}/pullkey`,
        ]),
      );

      expect(run('install', '--mirror', 'quay.io=mirror.corp').stderr).toEndWith(
        'nothing had to change\n',
      );
      rmSync(join(node.path, OWN_PLUGINS, 'ecr-credential-provider'));
      const config = '/etc/kubernetes/credential-provider-config.yaml';
      expect(run('lint', config).stdout).toContain('has no executable ecr-credential-provider');

      writeFileSync(join(node.path, '/srv/labelled'), '');
      expect(run('uninstall').exitCode).toBe(0);
      expect(labelled(node.path)).toEqual(['/etc/kubernetes/credential-provider-config.yaml']);
      expect(filesOf(node.path)).toEqual(before);
    },
    SLOW_MACHINE_MS,
  );

  test(
    "OpenShift's is layered over",
    () => {
      using node = machine(RHCOS);
      const before = filesOf(node.path);
      const { stderr, exitCode } = runOnMachine(node.path, ['install'], { readOnly: ['/usr'] });
      expect(stderr).toContain('is read-only; layer an image with the executable onto it');
      expect(stderr).toContain('pullkey render containerfile');
      expect(exitCode).toBe(1);
      expect(filesOf(node.path)).toEqual(before);
    },
    SLOW_MACHINE_MS,
  );

  const refusals = [
    [
      'a full disk',
      { small: [PLUGINS] },
      /cannot write \S+\/pullkey: no space left on device \(ENOSPC\); make room there/,
    ],
    [
      'a full /var',
      { small: ['/var/lib'] },
      /cannot write \/var\/lib\S+: no space left on device \(ENOSPC\); make room there/,
    ],
    [
      'a read-only /etc',
      { readOnly: ['/etc'] },
      /cannot write \/etc\S+: read-only file system \(EROFS\); remount it/,
    ],
    [
      'a read-only /var',
      { readOnly: ['/var'] },
      /cannot write \/var\S+: read-only file system \(EROFS\); remount it/,
    ],
  ] as const;

  test.each(refusals)(
    'with %s nothing is half-written',
    (_, mounts, message) => {
      const own = { '/etc/default/kubelet': `KUBELET_EXTRA_ARGS="${'--v=2 '.repeat(20_000)}"\n` };
      using node = machine({ ...KUBEADM_DEB, ...own });
      mkdirSync(join(node.path, PLUGINS), { recursive: true });
      const before = filesOf(node.path);
      const { stderr, exitCode } = runOnMachine(node.path, ['install'], mounts);
      const last = stderr.trimEnd().split('\n').at(-1) ?? '';
      expect(last).toMatch(message);
      expect(last).toEndWith('; nothing was changed');
      expect(exitCode).toBe(1);
      expect(filesOf(node.path)).toEqual(before);
    },
    SLOW_MACHINE_MS,
  );
});
