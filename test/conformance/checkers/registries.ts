import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RegistriesConfError } from '../../../src/registries/errors.ts';
import { loadRegistries } from '../../../src/registries/load.ts';
import { describeImage, resolveImage } from '../../../src/registries/resolve.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import type { ConformanceCase } from '../suite.ts';

type Answer = Readonly<Record<string, unknown>>;

/**
 * Writes the files of a case, resolves its image and compares everything; of a loading error its
 * class and its file, not the wording, and it must name a line.
 */
export function checkRegistries(recorded: ConformanceCase): string | undefined {
  const { image, expected } = recorded;
  if (typeof image !== 'string' || !isAnswer(expected)) return 'the case has no image or answer';
  using directory = temporaryDirectory();
  writeFiles(directory.path, recorded);
  const ours = portable(answer(directory.path, image), directory.path);
  const allowed = answersAllowed(recorded, { ...expected, error: errorFile(expected['error']) });
  if (allowed.some((one) => Bun.deepEquals(withoutUnknownFile(ours, one), one, true))) return;
  return `ours ${JSON.stringify(ours)}, recorded ${JSON.stringify(expected)}`;
}

function writeFiles(directory: string, recorded: ConformanceCase): void {
  const { registriesConf, registriesConfBase64, dropIns } = recorded;
  const main = join(directory, 'registries.conf');
  if (typeof registriesConfBase64 === 'string') {
    writeFileSync(main, Buffer.from(registriesConfBase64, 'base64'));
  } else if (typeof registriesConf === 'string') {
    writeFileSync(main, registriesConf);
  }
  for (const [name, content] of Object.entries(dropIns ?? {})) {
    const file = join(directory, 'registries.conf.d', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, String(content));
  }
}

function answer(directory: string, image: string): Answer {
  const mainFile = join(directory, 'registries.conf');
  const dropInDirs = [join(directory, 'registries.conf.d')];
  try {
    const config = loadRegistries({ mainFile, dropInDirs, missingMainFile: 'refuse' });
    return { error: null, ...resolveImage(config, image) };
  } catch (error) {
    if (!(error instanceof RegistriesConfError)) throw error;
    if (error.errorClass !== 'io' && error.line === undefined) return { errorWithoutLine: error };
    return { error: error.file, errorClass: error.errorClass, ...describeImage(image) };
  }
}

/** The Go decoder lets some tables pass that TOML forbids; there a refusal is as good. */
function answersAllowed(recorded: ConformanceCase, expected: Answer): Answer[] {
  if (recorded['quirk'] !== 'toml-dialect') return [expected];
  const refusal = {
    error: '$CONF',
    errorClass: 'toml-syntax',
    ...describeImage(String(recorded['image'])),
  };
  return [expected, refusal];
}

/** The file that a recorded message names; undefined where it names none, null where there is no error. */
function errorFile(message: unknown): unknown {
  if (typeof message !== 'string') return message;
  return /^(?:loading registries configuration "|open )([^":]+)/.exec(message)?.[1];
}

function withoutUnknownFile(ours: Answer, expected: Answer): Answer {
  return expected['error'] === undefined ? { ...ours, error: undefined } : ours;
}

function portable(ours: Answer, directory: string): Answer {
  const text = JSON.stringify(ours)
    .replaceAll(join(directory, 'registries.conf.d'), '$CONF_DIR')
    .replaceAll(join(directory, 'registries.conf'), '$CONF');
  return JSON.parse(text);
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null;
}
