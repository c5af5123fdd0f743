import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { joinUnindentedFlow } from '../../src/kubelet/yaml-flow.ts';

describe('joinUnindentedFlow', () => {
  test.each([
    ['a: [\nb,\nc\n]\n', 'a: [ b, c\n]\n'],
    ['a:\n  b: [ # one\n\tc ]\n', 'a:\n  b: [       \tc ]\n'],
    ['a: {\r\nb: c}\n', 'a: {  b: c}\n'],
    ['a: [\n  b\n  ]\n', 'a: [\n  b\n  ]\n'],
    ['a: b\nc: [d]\n', 'a: b\nc: [d]\n'],
  ])('%j becomes %j', (text, joined) => {
    expect(joinUnindentedFlow(text)).toBe(joined);
  });

  test('every offset stays', () => {
    const unit = fc.constantFrom(...'[]{},:#"- \t\nab', ': ', ' #');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), (text) => {
        expect(joinUnindentedFlow(text)).toHaveLength(text.length);
      }),
    );
  });
});
