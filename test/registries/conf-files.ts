import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadRegistries, type RegistriesConfig } from '../../src/registries/load.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

type Files = Readonly<Record<string, string>>;

/** A main file and drop-ins, written for one load only. */
export function loadFiles(main: string, dropIns: Files = {}): RegistriesConfig {
  using directory = temporaryDirectory();
  const mainFile = join(directory.path, 'main.conf');
  writeFiles(directory.path, { 'main.conf': main });
  writeFiles(join(directory.path, 'd'), dropIns);
  const dropInDirs = [join(directory.path, 'd')];
  return loadRegistries({ mainFile, dropInDirs, missingMainFile: 'refuse' });
}

export function writeFiles(directory: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
