/**
 * The reasons that file operations meet on Linux, by number (asm-generic/errno.h). Made when something
 * fails: the plugin's start is most of its work.
 */
const codes = (): Readonly<Record<number, string>> => ({
  1: 'EPERM',
  2: 'ENOENT',
  5: 'EIO',
  6: 'ENXIO',
  9: 'EBADF',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  16: 'EBUSY',
  17: 'EEXIST',
  18: 'EXDEV',
  19: 'ENODEV',
  20: 'ENOTDIR',
  21: 'EISDIR',
  22: 'EINVAL',
  23: 'ENFILE',
  24: 'EMFILE',
  26: 'ETXTBSY',
  27: 'EFBIG',
  28: 'ENOSPC',
  29: 'ESPIPE',
  30: 'EROFS',
  31: 'EMLINK',
  32: 'EPIPE',
  36: 'ENAMETOOLONG',
  38: 'ENOSYS',
  39: 'ENOTEMPTY',
  40: 'ELOOP',
  75: 'EOVERFLOW',
  95: 'EOPNOTSUPP',
  104: 'ECONNRESET',
  116: 'ESTALE',
  122: 'EDQUOT',
});

/** The system refused a call; `code` is its reason, such as `ENOENT`. */
export class SystemError extends Error {
  readonly code: string;

  constructor(call: string, errno: number) {
    const code = codes()[errno] ?? `errno ${errno}`;
    super(`${call}: ${code}`);
    this.name = 'SystemError';
    this.code = code;
  }
}
