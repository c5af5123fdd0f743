import { describe, expect, test } from 'bun:test';
import { timeProblem } from '../../src/kubelet/go-time.ts';

const LAYOUT = '2006-01-02T15:04:05Z07:00';

describe('timeProblem', () => {
  test.each(['2026-11-28T05:00:00Z', '2024-02-29T23:59:59.123456+05:30', '2026-11-28T5:00:00Z'])(
    'takes %s',
    (text) => {
      expect(timeProblem(text)).toBeUndefined();
    },
  );

  test.each([
    ['', `parsing time "" as "${LAYOUT}": cannot parse "" as "2006"`],
    ['2026-13-01T00:00:00Z', 'parsing time "2026-13-01T00:00:00Z": month out of range'],
    ['2026-02-29T00:00:00Z', 'parsing time "2026-02-29T00:00:00Z": day out of range'],
    ['2026-01-01T24:00:00Z', 'parsing time "2026-01-01T24:00:00Z": hour out of range'],
    ['2026-01-01T00:00:00Zx', 'parsing time "2026-01-01T00:00:00Zx": extra text: "x"'],
    [
      '2026-01-01 00:00:00Z',
      `parsing time "2026-01-01 00:00:00Z" as "${LAYOUT}": cannot parse " 00:00:00Z" as "T"`,
    ],
  ])('refuses %p', (text, problem) => {
    expect(timeProblem(text)).toBe(problem);
  });
});
