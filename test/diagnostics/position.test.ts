import { expect, test } from 'bun:test';
import { positionAt } from '../../src/diagnostics/position.ts';

test.each([
  ['', 0, 1, 1],
  ['abc', 2, 1, 3],
  ['a\nb', 2, 2, 1],
  ['a\r\nb', 4, 2, 2],
  ['😀x', 2, 1, 2],
  ['ab', 9, 1, 3],
])('in %p, offset %p is line %p, column %p', (text, offset, line, column) => {
  expect(positionAt(text, offset)).toEqual({ line, column });
});
