import { errorCode } from './errors.ts';

/**
 * The system's words for its codes, as the C library and Go print them; those of the runtime's own in the same
 * manner. Made when something fails: the plugin's start is most of its work.
 */
const words = (): Readonly<Record<string, string>> => ({
  EACCES: 'permission denied',
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'no such address on this machine',
  EAI_AGAIN: 'the name server does not answer',
  EAGAIN: 'resource temporarily unavailable',
  EBADF: 'it is not open',
  EBUSY: 'device or resource busy',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EDQUOT: 'disk quota exceeded',
  EEXIST: 'file exists',
  EFBIG: 'file too large',
  EHOSTUNREACH: 'no route to host',
  EINVAL: 'invalid argument',
  EIO: 'input/output error',
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'file name too long',
  ENETUNREACH: 'network is unreachable',
  ENFILE: 'too many open files in system',
  ENOENT: 'no such file or directory',
  ENOEXEC: 'not a program for this machine',
  ENOMEM: 'out of memory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  ENOTEMPTY: 'directory not empty',
  ENOTFOUND: 'no such host',
  ENXIO: 'no such device or address',
  EPERM: 'operation not permitted',
  EPIPE: 'nobody reads it',
  EPROTO: 'the TLS handshake fails',
  EROFS: 'read-only file system',
  ESTALE: 'stale file handle',
  ETIMEDOUT: 'connection timed out',
  ETXTBSY: 'it is being written',
  EXDEV: 'on another file system',
  ConnectionClosed: 'connection closed',
  ConnectionRefused: 'connection refused',
  ERR_BORINGSSL: 'a certificate cannot be used',
  FailedToOpenSocket: 'no connection could be opened',
});

/** What a code of the system or the runtime (`ENOENT`) means; undefined for one that has no words here. */
export function systemWords(code: string): string | undefined {
  const known = words();
  return Object.hasOwn(known, code) ? known[code] : undefined;
}

/** The same with the code behind it, which people search for: `permission denied (EACCES)`. */
export function wordsWithCode(code: string): string {
  const known = systemWords(code);
  return known === undefined ? `error ${code}` : `${known} (${code})`;
}

/**
 * Why the system refused an operation, as a clause for a sentence that names the file and the next step. Of
 * an error that is not the system's only the kind is told, because its message may quote anything.
 */
export function systemReason(error: unknown): string {
  const code = errorCode(error);
  if (code !== undefined) return wordsWithCode(code);
  const kind = error instanceof Error ? error.name : typeof error;
  return kind === 'TimeoutError' ? 'no answer in time' : `unknown reason (${kind})`;
}
