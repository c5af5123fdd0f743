import type { Checker } from '../suite.ts';
import { checkAuthFile } from './authfile.ts';
import { checkAuthPathAndToken } from './authpath-token.ts';
import { checkRegistries } from './registries.ts';

/** Which checker understands which suite's cases. */
export const checkers: Readonly<Record<string, Checker>> = {
  authfile: checkAuthFile,
  'authpath-token': checkAuthPathAndToken,
  registries: checkRegistries,
};
