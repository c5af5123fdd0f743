import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Glob } from 'bun';
import { NODE_CHECKS } from '../../src/cli/doctor/node-checks.ts';
import { DemoCluster } from '../../src/demo/demo-cluster.ts';
import { PLUGIN_DIR } from '../../src/platform/kubelet-unit.ts';
import { healthyNode } from '../support/doctor.ts';
import { writeNodeFile } from '../support/node-trees.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const PAGE = readFileSync(`${ROOT}docs/troubleshooting.md`, 'utf8');

interface Command {
  readonly line: string;
  /** What the page shows of its output: sentences, with parts left out between them. */
  readonly excerpts: readonly string[];
}

/** The commands of the page's console blocks, with their shown output. */
function commands(): Command[] {
  const blocks = [...PAGE.matchAll(/^```console\n(.*?)^```$/gms)].map(([, text = '']) => text);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [line = '', ...output] = part.split('\n');
        const excerpts = output.join('\n').split(/^…$/m).map(flat);
        return { line, excerpts: excerpts.filter((one) => one !== '') };
      }),
  );
}

/** A tree as one line, however it is wrapped and drawn. */
function flat(text: string): string {
  return text.replace(/[│├└─\s]+/g, ' ').trim();
}

/** The page's node: three things are wrong. */
async function layOutNode(directory: string): Promise<void> {
  const quay = '[[registry]]\nlocation = "quay.io"\n[[registry.mirror]]\nlocation = "m.example"\n';
  using node = await healthyNode();
  writeNodeFile(node.path, '/etc/containers/registries.conf.d/10-quay.conf', quay);
  chmodSync(`${node.path}/etc/crio/auth`, 0o755);
  chmodSync(`${node.path}${PLUGIN_DIR}/pullkey`, 0o644);
  cpSync(node.path, `${directory}/node`, { recursive: true, verbatimSymlinks: true });
}

describe('the commands of docs/troubleshooting.md show what it says, on the demo’s node', () => {
  let cluster: DemoCluster;
  const directory = temporaryDirectory();

  beforeAll(async () => {
    await layOutNode(directory.path);
    cluster = await DemoCluster.start(() => undefined);
    const flag = `--credential-provider-config=${cluster.credentialProviderConfig}`;
    // On a real node, the running kubelet tells what this flag says.
    const wrapper = `#!/bin/sh\n[ "$1" = explain ] && exec ${ROOT}build/pullkey "$@" ${flag}\nexec ${ROOT}build/pullkey "$@"\n`;
    mkdirSync(`${directory.path}/bin`);
    writeFileSync(`${directory.path}/bin/pullkey`, wrapper, { mode: 0o755 });
    const kubectl = `#!/bin/sh\nexec '${process.execPath}' '${ROOT}test/support/apply-to-server.ts' "$@"\n`;
    writeFileSync(`${directory.path}/bin/kubectl`, kubectl, { mode: 0o755 });
  });
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    directory[Symbol.dispose]();
  });

  test.each(commands().map((one) => [one.line, one] as const))(
    '%s',
    async (_, { line, excerpts }) => {
      const shell = Bun.spawn(['sh', '-c', line], {
        cwd: directory.path,
        env: {
          PATH: `${directory.path}/bin:/usr/bin:/bin`,
          HOME: directory.path,
          KUBECONFIG: `${cluster.directory}/kubeconfig`,
        },
        stdin: 'ignore',
        stdout: 'pipe',
        stderr: 'pipe',
      });
      const [stdout, stderr] = await Promise.all([shell.stdout.text(), shell.stderr.text()]);
      expect(stderr).toBe('');
      expect(await shell.exited).toBeLessThanOrEqual(1);
      const port = cluster.registry.host.split(':')[1] ?? '';
      const output = flat(stdout.replace(new RegExp(`\\b${port}\\b`, 'g'), '5000'));
      for (const excerpt of excerpts) expect(output).toContain(excerpt);
    },
  );

  test('there are some', () => {
    expect(commands().length).toBeGreaterThanOrEqual(6);
  });
});

/** What stands in the first cells of a section's tables as code, without what differs from case to case. */
function wordings(heading: string): string[] {
  const [, section = ''] = PAGE.split(`\n## ${heading}\n`);
  const cells = section.split('\n## ')[0]?.match(/^\| .*? \| /gm) ?? [];
  const codes = cells.flatMap((cell) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
  );
  return codes
    .flatMap((code) => code.split('…').map((part) => part.trim()))
    .filter((one) => /\w/.test(one));
}

function sources(...patterns: readonly string[]): string {
  const files = patterns.flatMap((pattern) => [...new Glob(pattern).scanSync(ROOT)]);
  const texts = files.map((file) => readFileSync(ROOT + file, 'utf8'));
  // Sentences are put together of pieces.
  return texts.join('').replace(/['"`] \+\s+['"`]/g, '');
}

describe('what the page quotes is what the programs say, or a test asserts:', () => {
  test.each<[string, number, readonly string[]]>([
    ['Pod events', 10, ['test/cli/explain/*.ts', 'src/cli/explain/*.ts']],
    [
      'The kubelet’s log',
      8,
      ['test/cli/explain/*.ts', 'src/kubernetes/*.ts', 'src/providers/*.ts'],
    ],
    ['The plugin’s log', 8, ['src/providers/mirror-log.ts']],
    ['A node that is not set up right', 17, ['src/cli/doctor/*.ts']],
    ['A cluster that is not set up right', 7, ['src/cli/doctor/*.ts']],
  ])('%s', (heading, least, patterns) => {
    const found = wordings(heading);
    const said = sources(...patterns);
    expect(found.length).toBeGreaterThanOrEqual(least);
    expect(found.filter((one) => !said.includes(one))).toEqual([]);
  });
});

test('the page names every check of the node half', () => {
  expect(NODE_CHECKS.map(({ id }) => id).filter((id) => !PAGE.includes(`\`${id}\``))).toEqual([]);
});

test('the page’s links lead to its own headings', () => {
  const slugs = [...PAGE.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  const links = [...PAGE.matchAll(/\]\(#([^)]+)\)/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((link) => !slugs.includes(link))).toEqual([]);
});
