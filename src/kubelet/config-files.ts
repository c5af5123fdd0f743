import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path/posix';
import { errorCode } from '../diagnostics/errors.ts';
import { readRegularFile, UnfitFileError } from '../diagnostics/read-file.ts';
import { systemWords } from '../diagnostics/system-reason.ts';
import { compareBytes } from './byte-order.ts';
import { goQuote } from './go-quote.ts';
import { type ConfigFile, type ConfigVerdict, judgeConfig } from './read-config.ts';

/** How the files of a configuration are reached; each may throw as node:fs does, and an UnfitFileError. */
export interface ConfigReader {
  isDirectory(path: string): boolean;
  /** Names of what lies in a directory and is none itself. */
  fileNames(directory: string): readonly string[];
  /** Undefined where nothing is. */
  read(path: string): Uint8Array | undefined;
}

/** The files of this machine. */
export const MACHINE_FILES: ConfigReader = {
  isDirectory: (path) => statSync(path).isDirectory(),
  fileNames: (directory) =>
    readdirSync(directory, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name),
  read: (path) => readRegularFile(path),
};

/**
 * Reads and judges what `--image-credential-provider-config` names: one file of any name, or a
 * directory with `*.json`, `*.yaml` and `*.yml` in byte order. What cannot be read is a refusal in
 * the kubelet's words, not an error.
 */
export function readCredentialProviderConfig(
  path: string,
  reader: ConfigReader = MACHINE_FILES,
): ConfigVerdict {
  try {
    return judgeConfig(configFiles(path, reader));
  } catch (error) {
    if (!(error instanceof UnreadableConfig)) throw error;
    return { ok: false, stage: 'read', error: error.message, problems: [] };
  }
}

class UnreadableConfig extends Error {}

function configFiles(path: string, reader: ConfigReader): readonly ConfigFile[] {
  if (path === '') throw new UnreadableConfig('credential provider config path is empty');
  const isDirectory = attempt(`unable to access path ${goQuote(path)}: stat ${path}`, () =>
    reader.isDirectory(path),
  );
  const paths = isDirectory ? pathsIn(path, reader) : [path];
  return paths.map((file) => {
    const what = `unable to read file ${goQuote(file)}: open ${file}`;
    const bytes = attempt(what, () => reader.read(file));
    if (bytes === undefined) throw new UnreadableConfig(`${what}: ${systemWords('ENOENT')}`);
    return { path: file, bytes };
  });
}

function pathsIn(directory: string, reader: ConfigReader): readonly string[] {
  const what = `unable to read directory ${goQuote(directory)}: open ${directory}`;
  const names = attempt(what, () => reader.fileNames(directory));
  const paths = names
    .filter(isConfigFileName)
    .map((name) => join(directory, name))
    .sort(compareBytes);
  if (paths.length === 0) {
    throw new UnreadableConfig(`no configuration files found in directory ${goQuote(directory)}`);
  }
  return paths;
}

/** Whether the kubelet reads a file of this name in its directory of configurations. */
export function isConfigFileName(name: string): boolean {
  return /\.(?:json|yaml|yml)$/.test(name);
}

function attempt<Result>(what: string, operation: () => Result): Result {
  try {
    return operation();
  } catch (error) {
    if (error instanceof UnfitFileError) throw new UnreadableConfig(`${what}: ${error.reason}`);
    const code = errorCode(error);
    if (code === undefined) throw error;
    // As Go words it, and so the kubelet.
    throw new UnreadableConfig(`${what}: ${systemWords(code) ?? code}`);
  }
}
