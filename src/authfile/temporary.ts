import { randomHex } from '../system/random.ts';

/** A name of our own in the directory of an auth file: `.auth-<random>.<ending>`. */
export function besideName(path: string, ending: 'tmp' | 'stale'): string {
  const directory = path.slice(0, path.lastIndexOf('/') + 1);
  return `${directory}.auth-${randomHex(16)}.${ending}`;
}
