import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RegistriesConfError } from '../../../src/registries/errors.ts';
import { loadRegistries } from '../../../src/registries/load.ts';
import { describeImage, resolveImage } from '../../../src/registries/resolve.ts';
import type { ConformanceCase } from '../suite.ts';

type Answer = Readonly<Record<string, unknown>>;

/** Writes the files of a case, resolves its image and compares all but the wording of loading errors. */
export function checkRegistries(recorded: ConformanceCase): string | undefined {
  const { image, expected } = recorded;
  if (typeof image !== 'string' || !isAnswer(expected)) return 'the case has no image or answer';
  const directory = mkdtempSync(join(tmpdir(), 'pullkey-registries-'));
  try {
    writeFiles(directory, recorded);
    const ours = answer(directory, image);
    // The decoder of the recording accepts some tables that the specification forbids.
    if (recorded['quirk'] === 'toml-dialect' && ours['errorClass'] === 'toml-syntax') return;
    return differenceOf(ours, { ...expected, error: expected['error'] !== null });
  } finally {
    rmSync(directory, { recursive: true });
  }
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
  const dropInDir = join(directory, 'registries.conf.d');
  try {
    const config = loadRegistries({
      mainFile,
      dropInDirs: [dropInDir],
      missingMainFile: 'refuse',
    });
    const text = JSON.stringify(resolveImage(config, image));
    const portable = text.replaceAll(dropInDir, '$CONF_DIR').replaceAll(mainFile, '$CONF');
    return { error: false, ...JSON.parse(portable) };
  } catch (error) {
    if (!(error instanceof RegistriesConfError)) throw error;
    return { error: true, errorClass: error.errorClass, ...describeImage(image) };
  }
}

function differenceOf(ours: Answer, recorded: Answer): string | undefined {
  if (Bun.deepEquals(ours, recorded, true)) return undefined;
  return `ours ${JSON.stringify(ours)}, recorded ${JSON.stringify(recorded)}`;
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null;
}
