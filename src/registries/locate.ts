import { decodeText } from './decode-text.ts';
import { registryOf } from './entry-rules.ts';
import { ConfProblem, type Position, RegistriesConfError } from './errors.ts';
import { rawConfOf } from './raw-conf.ts';
import { readFileIfPresent } from './read-file.ts';
import { positionOfKeys } from './second-parser.ts';
import { parseToml } from './toml.ts';

/**
 * Where a file's entry for a prefix begins; of several the first, which counts. It reads the file
 * again, so that loading need not remember lines; undefined where the file has changed meanwhile.
 */
export function locateEntry(file: string, prefix: string): Position | undefined {
  try {
    const text = decodeText(readFileIfPresent(file) ?? new Uint8Array());
    const { registries } = rawConfOf(parseToml(text));
    const index = registries.findIndex((raw) => registryOf(raw, file).prefix === prefix);
    return index === -1 ? undefined : positionOfKeys(text, ['registry', index]);
  } catch (error) {
    if (error instanceof ConfProblem || error instanceof RegistriesConfError) return undefined;
    throw error;
  }
}
