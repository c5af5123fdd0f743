import type { Checker } from '../suite.ts';
import { checkRegistries } from './registries.ts';

/** Which checker understands which suite's cases. */
export const checkers: Readonly<Record<string, Checker>> = {
  registries: checkRegistries,
};
