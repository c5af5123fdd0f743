import {
  type LocalEntry,
  LocalFileError,
  type LocalFiles,
  pathWithin,
} from '../../src/platform/butane/local-files.ts';

/** A files directory that lies in memory: names to texts, `->target` for a link, a final `*` for a program. */
export class MemoryFiles implements LocalFiles {
  readonly #root: string;
  readonly #files: ReadonlyMap<string, string>;

  constructor(root: string, files: Readonly<Record<string, string>>) {
    this.#root = root;
    this.#files = new Map(Object.entries(files).map(([name, text]) => [`${root}/${name}`, text]));
  }

  read(path: string): Uint8Array {
    const file = pathWithin(this.#root, path);
    const text = this.#files.get(file) ?? this.#files.get(`${file}*`);
    if (text === undefined) {
      throw new LocalFileError(
        this.#hasBelow(file)
          ? `read ${file}: is a directory`
          : `open ${file}: no such file or directory`,
      );
    }
    return new TextEncoder().encode(text);
  }

  isDirectory(path: string): boolean {
    const directory = pathWithin(this.#root, path);
    if (this.#hasBelow(directory)) return true;
    if (this.#files.has(directory)) return false;
    throw new LocalFileError(`stat ${directory}: no such file or directory`);
  }

  walk(path: string): readonly LocalEntry[] {
    const directory = `${pathWithin(this.#root, path)}/`;
    return [...this.#files]
      .filter(([file]) => file.startsWith(directory))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([file, text]): LocalEntry => {
        const name = file.slice(directory.length);
        return {
          path: name.replace(/\*$/, ''),
          kind: text.startsWith('->') ? 'link' : 'file',
          isExecutable: name.endsWith('*'),
        };
      });
  }

  readLink(path: string): string {
    return (this.#files.get(pathWithin(this.#root, path)) ?? '').slice('->'.length);
  }

  #hasBelow(directory: string): boolean {
    return [...this.#files.keys()].some((file) => file.startsWith(`${directory}/`));
  }
}
