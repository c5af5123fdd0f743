import type { File, Link, Storage, Tree } from './config.ts';
import { FILE, LINK } from './config.ts';
import { dataUrl } from './data-url.ts';
import {
  cleanPath,
  type LocalEntry,
  LocalFileError,
  type LocalFiles,
  reading,
} from './local-files.ts';
import type { Origins } from './origins.ts';
import type { Report } from './report.ts';
import { zeroOf } from './shapes.ts';
import type { Path } from './source-node.ts';

/** What trees need besides the storage section. */
export interface TreeOptions {
  readonly localFiles: LocalFiles | undefined;
  readonly mayCompress: boolean;
  readonly origins: Origins;
  readonly report: Report;
}

const PLAIN_MODE = 0o644;
const EXECUTABLE_MODE = 0o755;
const NODE_EXISTS = 'matching filesystem node has existing contents or different type';

/**
 * Takes the files and links below each tree into the storage section, after those that are named there
 * (base/v0_6/translate.go, processTrees). A named file without contents gets them from the tree.
 */
export function resolveTrees(storage: Storage, options: TreeOptions): Storage {
  const { trees } = storage;
  if (trees === undefined || trees.length === 0) return storage;
  const resolver = new TreeResolver(storage, options);
  for (const [index, tree] of trees.entries()) {
    const path = ['storage', 'trees', index];
    resolver.add(tree, path);
    // Without a files directory one message is enough.
    if (options.localFiles === undefined) break;
  }
  return { ...storage, ...resolver.nodes(), trees: undefined };
}

class TreeResolver {
  readonly #files: File[];
  readonly #links: Link[];
  readonly #fileIndexes: Map<string, number>;
  readonly #linkIndexes: Map<string, number>;
  readonly #directories: ReadonlySet<string>;
  readonly #storage: Storage;
  readonly #options: TreeOptions;

  constructor(storage: Storage, options: TreeOptions) {
    this.#storage = storage;
    this.#files = [...(storage.files ?? [])];
    this.#links = [...(storage.links ?? [])];
    this.#fileIndexes = indexesOf(this.#files);
    this.#linkIndexes = indexesOf(this.#links);
    this.#directories = new Set(storage.directories?.map(({ path }) => path));
    this.#options = options;
  }

  nodes(): Pick<Storage, 'files' | 'links'> {
    return {
      files: this.#files.length === 0 ? this.#storage.files : this.#files,
      links: this.#links.length === 0 ? this.#storage.links : this.#links,
    };
  }

  add(tree: Tree, origin: Path): void {
    const onError = (message: string) => this.#options.report.error(origin, message);
    reading(this.#options.localFiles, onError, (files) => {
      if (!files.isDirectory(tree.local)) {
        throw new LocalFileError('root of tree must be a directory');
      }
      for (const entry of files.walk(tree.local)) {
        reading(files, onError, () => this.#addEntry(tree, entry, origin, files));
      }
    });
  }

  #addEntry(tree: Tree, entry: LocalEntry, origin: Path, files: LocalFiles): void {
    const source = `${tree.local}/${entry.path}`;
    const path = cleanPath(`${isFilled(tree.path) ? tree.path : '/'}/${entry.path}`);
    if (entry.kind === 'file') {
      this.#addFile(path, entry, files.read(source), origin);
    } else if (entry.kind === 'link') {
      this.#addLink(path, files.readLink(source), origin);
    } else {
      throw new LocalFileError('trees may only contain files, directories, and symlinks');
    }
  }

  #addFile(path: string, entry: LocalEntry, contents: Uint8Array, origin: Path): void {
    const index = this.#fileIndexes.get(path) ?? this.#files.length;
    const named = this.#files[index];
    if (named === undefined ? this.#exists(path) : isFilled(named.contents.source)) {
      throw new LocalFileError(NODE_EXISTS);
    }
    const file = named ?? { ...zeroOf(FILE), path };
    const { url, compression } = dataUrl(
      contents,
      file.contents.compression,
      this.#options.mayCompress,
    );
    this.#files[index] = {
      ...file,
      mode: file.mode ?? (entry.isExecutable ? EXECUTABLE_MODE : PLAIN_MODE),
      contents: {
        ...file.contents,
        source: url,
        compression: compression ?? file.contents.compression,
      },
    };
    this.#fileIndexes.set(path, index);
    this.#noteFile(index, named, compression !== undefined, origin);
  }

  #noteFile(index: number, named: File | undefined, compresses: boolean, origin: Path): void {
    const { origins } = this.#options;
    const at = ['storage', 'files', index];
    if (index === 0) origins.set(['storage', 'files'], origin);
    if (named === undefined) {
      origins.setWhole(at, origin);
      return;
    }
    origins.set([...at, 'contents'], origin);
    origins.set([...at, 'contents', 'source'], origin);
    if (compresses) origins.set([...at, 'contents', 'compression'], origin);
    if (named.mode === undefined) origins.set([...at, 'mode'], origin);
  }

  #addLink(path: string, target: string, origin: Path): void {
    const index = this.#linkIndexes.get(path) ?? this.#links.length;
    const named = this.#links[index];
    if (named === undefined ? this.#exists(path) : isFilled(named.target)) {
      throw new LocalFileError(NODE_EXISTS);
    }
    this.#links[index] = { ...(named ?? { ...zeroOf(LINK), path }), target };
    this.#linkIndexes.set(path, index);
    const { origins } = this.#options;
    const at = ['storage', 'links', index];
    if (named !== undefined) {
      origins.set([...at, 'target'], origin);
      return;
    }
    if (index === 0) origins.set(['storage', 'links'], origin);
    origins.setWhole(at, origin);
  }

  #exists(path: string): boolean {
    return [this.#fileIndexes, this.#linkIndexes, this.#directories].some((paths) =>
      paths.has(path),
    );
  }
}

function indexesOf(nodes: readonly (File | Link)[]): Map<string, number> {
  return new Map(nodes.map(({ path }, index) => [path, index]));
}

function isFilled(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
