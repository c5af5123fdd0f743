import { describe, expect, test } from 'bun:test';
import { basename, dirname } from 'node:path';
import { checkers } from './checkers/index.ts';
import { runFile } from './run.ts';
import { conformanceFiles } from './suite.ts';

const files = conformanceFiles();

describe('recorded behaviour of the real programs', () => {
  for (const file of files.filter((one) => one.suite in checkers)) {
    test(`${basename(dirname(file.path))}/${basename(file.path)}`, async () => {
      const verdict = await runFile(file);
      expect(verdict?.failures).toEqual([]);
      expect(verdict?.passed).toBeGreaterThan(0);
    }, 120_000);
  }

  test('every suite with a checker has cases of its own in the repository', () => {
    const own = files.filter((file) => file.path.includes('/test/conformance/cases/'));
    expect(own.map((file) => file.suite).sort()).toEqual(Object.keys(checkers).sort());
  });
});
