import { describe, expect, test } from 'bun:test';
import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeTree, RHCOS_IMAGE, writeNodeFile } from '../support/node-trees.ts';
import { pullkey } from '../support/pullkey.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const PLUGINS = '/usr/libexec/kubelet-image-credential-provider-plugins';
const render = (...args: string[]) => pullkey(['render', 'containerfile', ...args]);

/** The instructions of a Containerfile, continued lines joined. */
function instructions(text: string): readonly string[] {
  const joined = text.replace(/^#.*\n/gm, '').replaceAll(/\s*\\\n\s*/g, ' ');
  return joined.split('\n').filter((line) => line !== '');
}

/** Does to the files of a node what the last two instructions do to its image; ostree is not asked. */
function layer(root: string, executable: string): void {
  const [copy = '', run = ''] = instructions(render().stdout).slice(-2);
  const target = join(root, copy.split(' ').at(-1) ?? '');
  writeNodeFile(root, copy.split(' ').at(-1) ?? '', readFileSync(executable, 'utf8'));
  expect(lstatSync(target).mode & 0o777).toBe(0o755);
  const script = run.replace(/^RUN /, '').replaceAll(PLUGINS, root + PLUGINS);
  const shell = ['sh', '-ec', `ostree() { :; }; ${script}`];
  expect(Bun.spawnSync(shell).exitCode).toBe(0);
}

test('a node whose image was layered so takes what it refused before', () => {
  using node = nodeTree({ ...RHCOS_IMAGE, [`${PLUGINS}/crio-credential-provider`]: 'original\n' });
  using tools = temporaryDirectory();
  const executable = join(tools.path, 'pullkey');
  writeFileSync(executable, 'our executable\n');
  const install = ['install', '--root', node.path, '--executable', executable];
  expect(pullkey(install).stderr).toContain('"pullkey render containerfile" prints');
  layer(node.path, executable);
  expect(pullkey(install)).toMatchObject({ exitCode: 0 });
});

describe('render containerfile', () => {
  test('layers the executable that lies beside it onto an image that the build names', () => {
    const { stdout, stderr, exitCode } = render();
    expect(instructions(stdout)).toEqual([
      'ARG NODE_IMAGE',
      'FROM $NODE_IMAGE',
      `COPY --chmod=0755 pullkey ${PLUGINS}/pullkey`,
      `RUN ln -sf pullkey ${PLUGINS}/crio-credential-provider && ostree container commit`,
    ]);
    expect(stdout).toContain('oc adm release info --image-for rhel-coreos');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  test('takes both images by name, and gives the executable every name', () => {
    const base = 'quay.io/ocp/node@sha256:'.concat('a'.repeat(64));
    const images = ['--base', base, '--executable-image', 'quay.io/me/pullkey:1.0'];
    expect(instructions(render(...images, '--provider', 'both').stdout)).toEqual([
      `FROM ${base}`,
      `COPY --chmod=0755 --from=quay.io/me/pullkey:1.0 /pullkey ${PLUGINS}/pullkey`,
      `RUN ln -sf pullkey ${PLUGINS}/crio-credential-provider && ln -sf pullkey ${PLUGINS}/generic-credential-provider && ostree container commit`,
    ]);
    expect(instructions(render('--provider', 'generic').stdout).at(-1)).toBe(
      `RUN ln -sf pullkey ${PLUGINS}/generic-credential-provider && ostree container commit`,
    );
  });

  test("is upon the pool's own image where the cluster builds", () => {
    const { stdout } = render('--builder', 'cluster', '--executable-image', 'quay.io/me/pullkey');
    expect(instructions(stdout)[0]).toBe('FROM configs AS final');
  });

  test.each([
    [['--builder', 'cluster'], 'needs --executable-image IMAGE'],
    [['--builder', 'cluster', '--base', 'a.io/b'], '--base is for --builder podman'],
    [['--base', 'A B'], 'image reference "A B"'],
    [['--executable-image', 'a.io/b c'], 'write it as HOST'],
    [['--builder', 'docker'], 'Allowed choices are podman, cluster'],
  ])('refuses %p', (args, told) => {
    const { stdout, stderr, exitCode } = render(...args);
    expect(stderr).toContain(told);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  });
});
