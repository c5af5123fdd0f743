import { describe, expect, test } from 'bun:test';
import { compare, figureOf } from '../../bench/comparison.ts';
import { table } from '../../bench/report.ts';

const MACHINE = {
  date: '2026-01-02',
  processor: 'A processor',
  cores: 2,
  memory: '4 GiB',
  kernel: '6.1',
  runtime: 'Bun 1',
  load: 0,
};
const WALL = { title: '1 Secret', quantity: 'wall time' } as const;

function lastLine(...comparisons: Parameters<typeof table>[1]): string {
  return table(MACHINE, comparisons).trimEnd().split('\n').at(-1) ?? '';
}

describe('a figure', () => {
  test('is the middle of the samples, whatever their order', () =>
    expect(figureOf([9, 1, 5]).median).toBe(5));
  test('has a range that leaves out the slowest and the quickest', () =>
    expect(figureOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100])).toEqual({
      median: 5,
      p10: 1,
      p90: 9,
      samples: 11,
    }));
});

describe('a line of the table', () => {
  test('says that a bar is met where the ratio is the bar', () =>
    expect(lastLine(compare(WALL, [9], { name: 'baseline', samples: [10], bar: 0.9 }))).toBe(
      '1 Secret  wall time   9.0 ms  baseline  10.0 ms  0.90×  ≤ 0.9 met',
    ));
  test('says that a bar is missed where the ratio is above it', () =>
    expect(lastLine(compare(WALL, [91], { name: 'baseline', samples: [100], bar: 0.9 }))).toBe(
      '1 Secret  wall time  91.0 ms  baseline  100 ms  0.91×  ≤ 0.9 not met',
    ));
  test('has nothing to say on a figure without another', () =>
    expect(lastLine(compare(WALL, [9]))).toBe('1 Secret  wall time   9.0 ms'));
  test('gives memory in MiB', () =>
    expect(lastLine(compare({ title: 'x', quantity: 'peak memory' }, [3 * 1024 ** 2]))).toBe(
      'x  peak memory  3.0 MiB',
    ));
});
