import { expect, test } from 'bun:test';
import { goFloat } from '../../src/kubelet/go-float.ts';

test.each([
  [0, '0'],
  [-1.5, '-1.5'],
  [123456.75, '123456.75'],
  [999999, '999999'],
  [1_000_000, '1e+06'],
  [-1e20, '-1e+20'],
  [12345678901234567e3, '1.2345678901234567e+19'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [1e-300, '1e-300'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
  [Number.NaN, 'NaN'],
])('%p is printed as Go prints it', (value, printed) => {
  expect(goFloat(value)).toBe(printed);
});
