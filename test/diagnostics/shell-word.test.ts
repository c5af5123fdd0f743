import { expect, test } from 'bun:test';
import { shellWord } from '../../src/diagnostics/shell-word.ts';

test.each([
  '/etc/a.json',
  'a:5000',
  '',
  'a b',
  "it's",
  '$(reboot)',
  '[::1]:5000',
  'a\nb',
  '*',
  '~',
  "'",
])('a shell reads %j as one word and nothing else', (value) => {
  const { stdout } = Bun.spawnSync(['sh', '-c', `printf %s ${shellWord(value)}`]);
  expect(stdout.toString()).toBe(value);
});

test('what needs no quotes gets none', () => {
  expect(shellWord('/etc/kubernetes/registries/a.example:5000.json')).toBe(
    '/etc/kubernetes/registries/a.example:5000.json',
  );
});
