import { expect, test } from 'bun:test';
import { randomHex } from '../../src/system/random.ts';

test('random bytes are as many digits as asked for, and others each time', () => {
  const drawn = Array.from({ length: 100 }, () => randomHex(16));
  expect(drawn.every((one) => /^[0-9a-f]{32}$/.test(one))).toBe(true);
  expect(new Set(drawn).size).toBe(100);
});
