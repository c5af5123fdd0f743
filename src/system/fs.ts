import type { FileSystem } from './file-system.ts';
import { libc } from './libc.ts';
import { libcFiles } from './libc-files.ts';

type NodeFs = typeof import('node:fs');

export type { FileStatus } from './file-system.ts';

/**
 * `node:fs` for the plugins: to load that module takes 0.6 of their 8 ms and 1.5 MiB. The functions of
 * the same names here call the C library; where that cannot be reached, they are those of `node:fs`.
 */
const files: FileSystem = libc === undefined ? nodeFs() : libcFiles(libc);

export const {
  openSync,
  closeSync,
  readSync,
  writeSync,
  fstatSync,
  lstatSync,
  statSync,
  readdirSync,
  realpathSync,
  linkSync,
  unlinkSync,
} = files;

/** Used seldom, and so by `node:fs`, which is loaded then. */
export const mkdirSync: NodeFs['mkdirSync'] = (path, options) => nodeFs().mkdirSync(path, options);
export const renameSync: NodeFs['renameSync'] = (from, to) => nodeFs().renameSync(from, to);

function nodeFs(): NodeFs {
  return require('node:fs');
}
