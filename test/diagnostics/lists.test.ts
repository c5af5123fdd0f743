import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { filter, find, forEach, map, some, toArray } from '../../src/diagnostics/lists.ts';

const isEven = (one: number) => one % 2 === 0;

test('the functions give what those of arrays give', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (list) => {
      const numbered = (one: number, index: number) => [one, index];
      const seen: number[][] = [];
      forEach(list, (one, index) => void seen.push([one, index]));
      expect(map(list, numbered)).toEqual(list.map(numbered));
      expect(seen).toEqual(list.map(numbered));
      expect(filter(list, isEven)).toEqual(list.filter(isEven));
      expect(find(list, isEven)).toBe(list.find(isEven));
      expect(some(list, isEven)).toBe(list.some(isEven));
      expect(toArray(list)).toEqual(list);
    }),
  );
});

test('they take maps and sets as well', () => {
  expect(map(new Map([['a', 1]]), ([key, value]) => key + value)).toEqual(['a1']);
  expect(filter(new Set([1, 2]), isEven)).toEqual([2]);
  expect(toArray(new Map([['a', 1]]))).toEqual([['a', 1]]);
});
