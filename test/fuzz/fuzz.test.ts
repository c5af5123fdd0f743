import { describe, test } from 'bun:test';
import { ANSWER_PROPERTIES } from './answer-properties.ts';
import { PROCESS_PROPERTIES } from './process-properties.ts';
import { PULL_PROPERTIES } from './pull-properties.ts';
import { REQUEST_PROPERTIES } from './request-properties.ts';
import { TEXT_PROPERTIES } from './text-properties.ts';

// `make fuzz` sets both; `make test` tries the same few hundred values every time.
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? '0');
const SEED = Number(process.env['FUZZ_SEED'] ?? '4711');
const RUNS = 300;

const PROPERTIES = [
  ...REQUEST_PROPERTIES,
  ...TEXT_PROPERTIES,
  ...PULL_PROPERTIES,
  ...ANSWER_PROPERTIES,
  ...PROCESS_PROPERTIES,
];
// The slowest needs that long for its first try.
const SHARE_MS = Math.max((SECONDS * 1000) / PROPERTIES.length, 200);

describe('for whatever is put in:', () => {
  for (const { name, cost, check } of PROPERTIES) {
    const limits =
      SECONDS === 0
        ? { numRuns: Math.ceil(RUNS / cost) }
        : { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: SHARE_MS };
    test(name, () => check({ seed: SEED, ...limits }), SHARE_MS + 120_000);
  }
});
