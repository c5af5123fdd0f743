import type { dlopen, Pointer, read } from 'bun:ffi';

/** What the module `bun:ffi` is made of: to load that takes a plugin 0.2 ms more. */
const { FFI } = Bun as unknown as { FFI: { dlopen: typeof dlopen; read: typeof read } };

// Nothing here moves 2 GiB at once, so that 32 bits of an answer are enough.
const FUNCTIONS = {
  open: { args: ['ptr', 'i32', 'u32'], returns: 'i32' },
  read: { args: ['i32', 'ptr', 'u64'], returns: 'i32' },
  write: { args: ['i32', 'ptr', 'u64'], returns: 'i32' },
  close: { args: ['i32'], returns: 'i32' },
  link: { args: ['ptr', 'ptr'], returns: 'i32' },
  unlink: { args: ['ptr'], returns: 'i32' },
  statx: { args: ['i32', 'ptr', 'i32', 'u32', 'ptr'], returns: 'i32' },
  realpath: { args: ['ptr', 'ptr'], returns: 'ptr' },
  getdents64: { args: ['i32', 'ptr', 'u64'], returns: 'i32' },
  getrandom: { args: ['ptr', 'u64', 'u32'], returns: 'i32' },
  poll: { args: ['ptr', 'u64', 'i32'], returns: 'i32' },
  flock: { args: ['i32', 'i32'], returns: 'i32' },
  __errno_location: { args: [], returns: 'ptr' },
} as const;

/** Functions of the C library as their manual pages describe them; after -1, `errno()` is the reason. */
export interface Libc {
  open(path: Uint8Array, flags: number, mode: number): number;
  read(fd: number, into: Uint8Array, size: number): number;
  write(fd: number, from: Uint8Array, size: number): number;
  close(fd: number): number;
  link(existing: Uint8Array, path: Uint8Array): number;
  unlink(path: Uint8Array): number;
  statx(
    directory: number,
    path: Uint8Array,
    flags: number,
    mask: number,
    into: Uint32Array,
  ): number;
  realpath(path: Uint8Array, into: Uint8Array): number | bigint | null;
  getdents64(fd: number, into: Uint8Array, size: number): number;
  getrandom(into: Uint8Array, size: number, flags: number): number;
  poll(descriptors: Uint32Array, count: number, milliseconds: number): number;
  flock(fd: number, operation: number): number;
  errno(): number;
}

/** The C library; undefined where it is not glibc ≥ 2.30, or where no memory may be made executable. */
export const libc: Libc | undefined = openLibc();

function openLibc(): Libc | undefined {
  try {
    const { symbols } = FFI.dlopen('libc.so.6', FUNCTIONS);
    // Looked up once: between a call and the look at its errno nothing else may call the system.
    const place = symbols.__errno_location() as Pointer;
    return { ...symbols, errno: () => FFI.read.i32(place, 0) };
  } catch {
    return undefined;
  }
}
