import type { FileStatus, FileSystem } from './file-system.ts';
import type { Libc } from './libc.ts';
import { O_CLOEXEC, O_DIRECTORY, O_RDONLY } from './open-flags.ts';
import { STATX_WORDS, StatxStatus } from './statx.ts';
import { SystemError } from './system-error.ts';

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EMPTY_PATH = 0x1000;
const STATX_BASIC_STATS = 0x7ff;

const ENOENT = 2;
const EINTR = 4;
const EINVAL = 22;

const PATH_MAX = 4096;
/** A directory of a few files; each page of it costs a plugin a page fault. */
const DIRECTORY_BUFFER = 4096;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** Files by the functions of the C library. Each throws a SystemError. */
export function libcFiles(libc: Libc): FileSystem {
  /** Calls until no signal comes in between; throws where the answer is -1. */
  const done = (call: string, run: () => number): number => {
    for (;;) {
      const answer = run();
      if (answer !== -1) return answer;
      const errno = libc.errno();
      if (errno !== EINTR) throw new SystemError(call, errno);
    }
  };

  const status = (fd: number, path: string, flags: number): FileStatus | undefined => {
    const words = new Uint32Array(STATX_WORDS);
    const name = cString(path);
    if (libc.statx(fd, name, flags, STATX_BASIC_STATS, words) === 0) return new StatxStatus(words);
    const errno = libc.errno();
    if (errno === ENOENT) return undefined;
    throw new SystemError('statx', errno);
  };

  const openSync = (path: string, flags: number, mode = 0): number => {
    const name = cString(path);
    return done('open', () => libc.open(name, flags | O_CLOEXEC, mode));
  };

  // Linux has closed the descriptor whatever it answers, close(2).
  const closeSync = (fd: number): void => void libc.close(fd);

  return {
    openSync,
    closeSync,
    readSync: (fd, bytes, offset, length) => {
      const into = bytes.subarray(offset, offset + length);
      return into.length === 0 ? 0 : done('read', () => libc.read(fd, into, into.length));
    },
    writeSync: (fd, bytes, offset) => {
      const from = bytes.subarray(offset);
      return from.length === 0 ? 0 : done('write', () => libc.write(fd, from, from.length));
    },
    fstatSync: (fd) => {
      const found = status(fd, '', AT_EMPTY_PATH);
      if (found === undefined) throw new SystemError('statx', ENOENT);
      return found;
    },
    lstatSync: (path) => status(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW),
    statSync: (path) => status(AT_FDCWD, path, 0),
    readdirSync: (path) => {
      const fd = openSync(path, O_RDONLY | O_DIRECTORY);
      try {
        return readNames((buffer) =>
          done('getdents64', () => libc.getdents64(fd, buffer, buffer.length)),
        );
      } finally {
        closeSync(fd);
      }
    },
    realpathSync: (path) => {
      const buffer = new Uint8Array(PATH_MAX);
      if (libc.realpath(cString(path), buffer) === null) {
        throw new SystemError('realpath', libc.errno());
      }
      return DECODER.decode(buffer.subarray(0, buffer.indexOf(0)));
    },
    linkSync: (existing, path) => {
      const [from, to] = [cString(existing), cString(path)];
      done('link', () => libc.link(from, to));
    },
    unlinkSync: (path) => {
      const name = cString(path);
      done('unlink', () => libc.unlink(name));
    },
  };
}

function cString(path: string): Uint8Array {
  if (path.includes('\0')) throw new SystemError('path', EINVAL);
  return ENCODER.encode(`${path}\0`);
}

/** The names in records of `struct linux_dirent64` (getdents64(2)), without `.` and `..`. */
function readNames(fill: (buffer: Uint8Array) => number): string[] {
  const names: string[] = [];
  const buffer = new Uint8Array(DIRECTORY_BUFFER);
  for (let size = fill(buffer); size > 0; size = fill(buffer)) {
    for (let at = 0; at < size; ) {
      const length = (buffer[at + 16] ?? 0) + (buffer[at + 17] ?? 0) * 256;
      const start = at + 19;
      const name = DECODER.decode(buffer.subarray(start, buffer.indexOf(0, start)));
      if (name !== '.' && name !== '..') names.push(name);
      at += length;
    }
  }
  return names;
}
