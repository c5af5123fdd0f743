import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Glob } from 'bun';
import { dependencies, devDependencies } from '../package.json';
import { judgeConfig } from '../src/kubelet/read-config.ts';
import { FILE_FLAGS } from '../src/providers/file-options.ts';
import { MIRROR_FLAGS } from '../src/providers/mirror-options.ts';

const ROOT = new URL('../', import.meta.url).pathname;
const text = (path: string) => Bun.file(new URL(`../${path}`, import.meta.url)).text();

test('the README tells every flag of the plugin', async () => {
  const readme = await text('README.md');
  expect(MIRROR_FLAGS.filter(({ name }) => !readme.includes(`--${name}`))).toEqual([]);
});

test('docs/generic-provider.md tells every flag of its plugin', async () => {
  const page = await text('docs/generic-provider.md');
  expect(FILE_FLAGS.filter(({ name }) => !page.includes(`--${name}`))).toEqual([]);
});

test('docs/generic-provider.md shows a configuration that the kubelet takes', async () => {
  const page = await text('docs/generic-provider.md');
  const [, yaml = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const verdict = judgeConfig([{ path: 'config.yaml', bytes: Buffer.from(yaml) }]);
  expect(verdict).toMatchObject({ ok: true, notes: [] });
  expect(yaml).toContain('generic-credential-provider');
});

test.each([
  ['providers/plugin-run.ts', "'timeout', 30_000", '| 30 s (`--timeout`)'],
  ['kubelet/request.ts', 'LARGEST_REQUEST = 1024 * 1024', 'the request; a credential file | 1 MiB'],
  ['providers/private-file.ts', 'LARGEST_FILE = 1024 * 1024', 'a credential file | 1 MiB'],
  ['providers/child-process.ts', 'MOST_OUTPUT = 256 * 1024', 'systemd-creds prints | 256 KiB |'],
  ['credentials/docker-config.ts', 'MOST_ENTRIES = 10_000', '`config.json` | 10,000 |'],
])('src/%s says %s, and docs/generic-provider.md so too', async (file, source, told) => {
  expect(await text(`src/${file}`)).toContain(source);
  expect(await text('docs/generic-provider.md')).toContain(told);
});

test('docs/dependencies.md tells every dependency', async () => {
  const page = await text('docs/dependencies.md');
  const names = Object.keys({ ...dependencies, ...devDependencies });
  expect(
    names.filter((name) => !page.includes(`\`${name}\``) && !page.includes(`\`${name},`)),
  ).toEqual([]);
});

test('links between the pages lead somewhere', async () => {
  const pages = [
    ...new Glob('{README,CHANGELOG,SECURITY}.md').scanSync(ROOT),
    ...new Glob('{docs,deploy,examples}/**/*.md').scanSync(ROOT),
  ];
  const broken: string[] = [];
  for (const page of pages) {
    const links = (await text(page)).matchAll(/\]\((?!https?:)([^)#\s]+)/g);
    for (const [, target = ''] of links) {
      if (!existsSync(join(ROOT, dirname(page), target))) broken.push(`${page}: ${target}`);
    }
  }
  expect(pages).toContain('README.md');
  expect(broken).toEqual([]);
});
