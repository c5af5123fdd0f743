/** What lies at a path, as far as it is asked for. */
export interface FileStatus {
  /** The file's number on its file system. */
  readonly ino: number;
  readonly mode: number;
  readonly uid: number;
  /** In bytes. */
  readonly size: number;
  readonly mtimeMs: number;
  /** The device that a device file stands for. */
  readonly rdev: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  isFIFO(): boolean;
  isCharacterDevice(): boolean;
}

/** The part of `node:fs` that a pull needs; arguments, answers and the `code` of errors are as there. */
export interface FileSystem {
  openSync(path: string, flags: number, mode?: number): number;
  closeSync(fd: number): void;
  readSync(fd: number, bytes: Uint8Array, offset: number, length: number, position: null): number;
  writeSync(fd: number, bytes: Uint8Array, offset: number): number;
  fstatSync(fd: number): FileStatus;
  lstatSync(path: string, options: { readonly throwIfNoEntry: false }): FileStatus | undefined;
  statSync(path: string, options: { readonly throwIfNoEntry: false }): FileStatus | undefined;
  readdirSync(path: string): string[];
  realpathSync(path: string): string;
  linkSync(existing: string, path: string): void;
  unlinkSync(path: string): void;
}
