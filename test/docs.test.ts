import { expect, test } from 'bun:test';
import { dependencies, devDependencies } from '../package.json';
import { MIRROR_FLAGS } from '../src/providers/mirror-options.ts';

const text = (path: string) => Bun.file(new URL(`../${path}`, import.meta.url)).text();

test('the README tells every flag of the plugin', async () => {
  const readme = await text('README.md');
  expect(MIRROR_FLAGS.filter(({ name }) => !readme.includes(`--${name}`))).toEqual([]);
});

test('docs/dependencies.md tells every dependency', async () => {
  const page = await text('docs/dependencies.md');
  const names = Object.keys({ ...dependencies, ...devDependencies });
  expect(
    names.filter((name) => !page.includes(`\`${name}\``) && !page.includes(`\`${name},`)),
  ).toEqual([]);
});
