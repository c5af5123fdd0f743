import { describe, expect, test } from 'bun:test';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { executables } from '../../../src/cli/doctor/executables.ts';
import { pluginDirectory } from '../../../src/cli/doctor/plugin-directory.ts';
import {
  ELF_AMD64,
  expectChange,
  expectMending,
  findingIn,
  healthyNode,
  look,
  machine,
  programs,
} from '../../support/doctor.ts';
import { isRoot } from '../../support/plugin-user.ts';

const PLUGINS = '/usr/libexec/kubelet-image-credential-provider-plugins';
const MIRROR = `${PLUGINS}/crio-credential-provider`;
const PROGRAM = `${PLUGINS}/pullkey`;
const STRANGER = 12_345;

describe('plugin-directory', () => {
  test('that is missing is made by the command that is told', async () => {
    using node = await healthyNode();
    rmSync(join(node.path, PLUGINS), { recursive: true });
    await expectMending(node.path, pluginDirectory, {
      verdict: 'broken',
      text: `there is no ${PLUGINS}, so the kubelet does not start`,
      command: /^pullkey install --root \S+$/,
    });
  });

  test('that is a file has to make way', async () => {
    using node = await healthyNode();
    const place = join(node.path, PLUGINS);
    rmSync(place, { recursive: true });
    writeFileSync(place, '');
    await expectChange(
      node.path,
      pluginDirectory,
      {
        verdict: 'broken',
        text: `${PLUGINS} is no directory, so the kubelet does not start`,
        change: /^move it away, then pullkey install --root /,
      },
      () => {
        rmSync(place);
        mkdirSync(place, { mode: 0o755 });
      },
    );
  });

  test('that others can write is closed by the command that is told', async () => {
    using node = await healthyNode();
    chmodSync(join(node.path, PLUGINS), 0o777);
    await expectMending(node.path, pluginDirectory, {
      verdict: 'broken',
      text: `others than root can write ${PLUGINS}, and have the kubelet run anything as root`,
      command: /^chmod go-w /,
    });
  });

  test.skipIf(!isRoot)('of another user is given back by the command that is told', async () => {
    using node = await healthyNode();
    chownSync(join(node.path, PLUGINS), STRANGER, STRANGER);
    await expectMending(node.path, pluginDirectory, {
      verdict: 'broken',
      text: `${PLUGINS} belongs to the user ${STRANGER}`,
      command: /^chown root:root /,
    });
  });
});

describe('executable', () => {
  test('that is ours tells its version', async () => {
    using node = await healthyNode();
    expect(await look(node.path, executables)).toEqual([
      {
        check: 'executable',
        verdict: 'ok',
        text: `crio-credential-provider is Pullkey 0.1.0 in ${PLUGINS}`,
      },
    ]);
  });

  test('that is missing is installed by the command that is told', async () => {
    using node = await healthyNode();
    rmSync(join(node.path, MIRROR));
    rmSync(join(node.path, PROGRAM));
    await expectMending(node.path, executables, {
      verdict: 'broken',
      text: `there is no crio-credential-provider in ${PLUGINS}, and the kubelet does not start`,
      command: /^pullkey install/,
    });
  });

  test.each(['crio-credential-provider-linux-amd64', 'CRIO-Credential-Provider', 'pullkey'])(
    'under the name %s gets the provider’s by the command that is told',
    async (name) => {
      using node = await healthyNode();
      rmSync(join(node.path, MIRROR));
      renameSync(join(node.path, PROGRAM), join(node.path, PLUGINS, name));
      await expectMending(node.path, executables, {
        verdict: 'broken',
        text: `${name} is there, but a name has to be the provider's`,
        command: new RegExp(`^ln -sf ${name} \\S+/crio-credential-provider$`),
      });
    },
  );

  test('that nobody may execute is made executable by the command that is told', async () => {
    using node = await healthyNode();
    chmodSync(join(node.path, PROGRAM), 0o644);
    await expectMending(node.path, executables, {
      verdict: 'broken',
      text: 'crio-credential-provider is not executable (mode 0644), and the kubelet does not start',
      command: /^chmod 0755 \S+\/pullkey$/,
    });
  });

  test('that others can write is closed by the command that is told', async () => {
    using node = await healthyNode();
    chmodSync(join(node.path, PROGRAM), 0o775);
    await expectMending(node.path, executables, {
      verdict: 'broken',
      text: 'others than root can write crio-credential-provider (mode 0775), which the kubelet runs as root',
      command: /^chmod go-w /,
    });
  });

  test.skipIf(!isRoot)('of another user is given back by the command that is told', async () => {
    using node = await healthyNode();
    chownSync(join(node.path, PROGRAM), STRANGER, STRANGER);
    await expectMending(node.path, executables, {
      verdict: 'broken',
      text: `crio-credential-provider belongs to the user ${STRANGER}`,
      command: /^chown root:root /,
    });
  });

  test('for another architecture is told with the one that is needed', async () => {
    using node = await healthyNode();
    const place = join(node.path, PROGRAM);
    const ours = readFileSync(place);
    const arm64 = Buffer.from(ours);
    arm64[18] = 183;
    writeFileSync(place, arm64);
    await expectChange(
      node.path,
      executables,
      {
        verdict: 'broken',
        text: 'crio-credential-provider is for arm64, and this node is amd64',
        change: /^pullkey install --root \S+ --executable FILE, with the pullkey for amd64$/,
      },
      () => writeFileSync(place, ours),
    );
  });

  test('that is no program at all is replaced by the command that is told', async () => {
    using node = await healthyNode();
    writeFileSync(join(node.path, PROGRAM), '<html>404</html>');
    await expectMending(node.path, executables, {
      verdict: 'broken',
      text: 'crio-credential-provider is neither a program nor a script',
      command: /^pullkey install/,
    });
  });

  test.each([
    ['the original’s', `${ELF_AMD64}github.com/cri-o/crio-credential-provider`, /the original's/],
    ['an unknown one', ELF_AMD64, /a program that is not known/],
  ])('that is %s is replaced by the command that is told', async (_, content, text) => {
    using node = await healthyNode();
    writeFileSync(join(node.path, PROGRAM), content);
    await expectMending(node.path, executables, {
      verdict: 'warning',
      text,
      command: /^pullkey install/,
    });
  });

  test.each([
    ['{"version":"0.9","compiler":"bun"}', 'ok', 'is Pullkey 0.9 in'],
    ['{"version":"0.1.2","goVersion":"go1.25"}', 'warning', "is the original's (0.1.2) in"],
  ] as const)('on this machine says itself what it is: %s', async (printed, verdict, text) => {
    using node = await healthyNode();
    const asked: string[][] = [];
    const run = programs({ 'crio-credential-provider': printed }, asked);
    findingIn(await look(node.path, executables, { machine: machine({}), run }), { verdict, text });
    expect(asked).toEqual([[join(node.path, MIRROR), '--version-json']]);
  });

  test('that others can write is not run', async () => {
    using node = await healthyNode();
    chmodSync(join(node.path, PROGRAM), 0o777);
    const asked: string[][] = [];
    await look(node.path, executables, { machine: machine({}), run: programs({}, asked) });
    expect(asked).toEqual([]);
  });

  test('of another provider is asked for by its name too', async () => {
    using node = await healthyNode('RHCOS');
    const place = join(node.path, PLUGINS, 'ecr-credential-provider');
    const program = readFileSync(place);
    rmSync(place);
    await expectChange(
      node.path,
      executables,
      {
        verdict: 'broken',
        text: `there is no ecr-credential-provider in ${PLUGINS}, and the kubelet does not start`,
        change:
          /^put it there, or take the provider out of \/etc\/kubernetes\/credential-providers/,
      },
      () => writeFileSync(place, program, { mode: 0o755 }),
    );
  });
});
