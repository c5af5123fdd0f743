import { expect } from 'bun:test';
import fc from 'fast-check';
import { Failure } from '../../src/diagnostics/errors.ts';

/** Something that holds for whatever is generated; `cost` is how much slower than others one try is. */
export interface Property {
  readonly name: string;
  readonly cost: number;
  check(parameters: fc.Parameters<unknown>): Promise<void>;
}

/** What must hold for every value: the predicate throws where it does not. */
export function property<Value>(
  name: string,
  values: fc.Arbitrary<Value>,
  predicate: (value: Value) => void | Promise<void>,
  cost = 1,
): Property {
  return {
    name,
    cost,
    check: (parameters) =>
      fc.assert(
        fc.asyncProperty(values, async (value) => predicate(value)),
        parameters,
      ),
  };
}

/** Stands in what must never be shown: tokens, passwords, the text of requests. */
export const MARKER = 'unshowable';

/**
 * The value that a function gives, or undefined where it refuses. A refusal is a Failure of one line that
 * shows nothing secret; anything else that is thrown is a crash.
 */
export async function unlessRefused<Value>(
  run: () => Value | Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.message).not.toContain(MARKER);
    expect(error.message).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    expect(error.message.length).toBeLessThan(5_000);
    return undefined;
  }
}
