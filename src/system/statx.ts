import type { FileStatus } from './file-system.ts';

/** Length of a `struct statx` in 32-bit words; it is the same on all architectures, statx(2). */
export const STATX_WORDS = 64;

const TYPE = 0o170000;
const FIFO = 0o010000;
const CHARACTER_DEVICE = 0o020000;
const DIRECTORY = 0o040000;
const REGULAR = 0o100000;
const LINK = 0o120000;

/** What a `struct statx` that the kernel filled in says. */
export class StatxStatus implements FileStatus {
  readonly ino: number;
  readonly mode: number;
  readonly uid: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly rdev: number;

  constructor(words: Uint32Array) {
    const word = (index: number) => words[index] ?? 0;
    // The mode is a half word.
    this.mode = word(7) & 0xffff;
    this.uid = word(5);
    this.ino = word(8) + word(9) * 2 ** 32;
    this.size = word(10) + word(11) * 2 ** 32;
    // Seconds are signed.
    this.mtimeMs = (word(28) + (word(29) | 0) * 2 ** 32) * 1000 + word(30) / 1e6;
    // makedev(3), for minors below 256.
    this.rdev = word(32) * 256 + word(33);
  }

  isFile(): boolean {
    return (this.mode & TYPE) === REGULAR;
  }

  isDirectory(): boolean {
    return (this.mode & TYPE) === DIRECTORY;
  }

  isSymbolicLink(): boolean {
    return (this.mode & TYPE) === LINK;
  }

  isFIFO(): boolean {
    return (this.mode & TYPE) === FIFO;
  }

  isCharacterDevice(): boolean {
    return (this.mode & TYPE) === CHARACTER_DEVICE;
  }
}
