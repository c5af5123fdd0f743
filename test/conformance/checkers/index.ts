import type { Checker } from '../suite.ts';

/** Which checker understands which suite's cases. */
export const checkers: Readonly<Record<string, Checker>> = {};
