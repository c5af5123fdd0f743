import { describe, expect, test } from 'bun:test';
import { atLevel, LOG_LEVELS, type LogLine } from '../../src/diagnostics/log.ts';

const LINES: readonly LogLine[] = LOG_LEVELS.map((level) => ({ level, text: level }));

function told(threshold: LogLine['level'], ...lines: readonly LogLine[]): string[] {
  const taken: string[] = [];
  atLevel(threshold, (some) => taken.push(...some.map(({ text }) => text)))(lines);
  return taken;
}

describe('a log', () => {
  test.each(LOG_LEVELS)('at level %s has its lines and those of more weight', (level) =>
    expect(told(level, ...LINES)).toEqual(LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(level) + 1)),
  );
  test('keeps each line one line', () =>
    expect(told('info', { level: 'info', text: 'a\nb\rc\u2028d\u2029e\u0085f\0g\u001bh' })).toEqual(
      ['a b c d e f g h'],
    ));
  test('goes to all sinks in order', () => {
    const taken: string[] = [];
    const sink = (name: string) => () => taken.push(name);
    atLevel('info', sink('one'), sink('two'))([{ level: 'info', text: '' }]);
    expect(taken).toEqual(['one', 'two']);
  });
});
