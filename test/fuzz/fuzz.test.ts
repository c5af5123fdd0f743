import { describe, test } from 'bun:test';
import { ANSWER_PROPERTIES } from './answer-properties.ts';
import { HTTP_PROPERTIES } from './http-properties.ts';
import { PROCESS_PROPERTIES } from './process-properties.ts';
import type { Property } from './property.ts';
import { PULL_PROPERTIES } from './pull-properties.ts';
import { REQUEST_PROPERTIES } from './request-properties.ts';
import { TEXT_PROPERTIES } from './text-properties.ts';

// `make fuzz` sets both; `make test` tries the same few hundred values every time.
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? '0');
const SEED = Number(process.env['FUZZ_SEED'] ?? '4711');
const RUNS = 1_000;

const PROPERTIES = [
  ...REQUEST_PROPERTIES,
  ...TEXT_PROPERTIES,
  ...PULL_PROPERTIES,
  ...ANSWER_PROPERTIES,
  ...HTTP_PROPERTIES,
  ...PROCESS_PROPERTIES,
];
const SHARE_MS = (SECONDS * 1000) / PROPERTIES.length;

/** Round after round of new values, at least one, until the property's share of the time is over. */
async function tryFor(milliseconds: number, { check, cost }: Property): Promise<void> {
  const end = Date.now() + milliseconds;
  let seed = SEED;
  do {
    await check({ seed, numRuns: Math.ceil(RUNS / cost) });
    seed += 1;
  } while (Date.now() < end);
}

describe('for whatever is put in:', () => {
  for (const one of PROPERTIES) {
    test(one.name, () => tryFor(SHARE_MS, one), SHARE_MS + 120_000);
  }
});
