import { readFileSync } from 'node:fs';
import type { MirrorProgram } from './mirror-programs.ts';
import { wallTime } from './process.ts';

/**
 * The time of a run whose executable is not in the page cache, as the first one after boot;
 * `isWarmed`: after its file was read once, as a unit's ExecStartPre can do.
 */
export function coldStart(program: MirrorProgram, request: string, isWarmed: boolean): number {
  dropFromPageCache(program.executable);
  if (isWarmed) readFileSync(program.executable);
  return wallTime(program, request);
}

/** posix_fadvise(POSIX_FADV_DONTNEED) by way of dd; takes effect where nothing else runs the file. */
function dropFromPageCache(file: string): void {
  const flags = ['oflag=nocache', 'conv=notrunc,fdatasync', 'count=0', 'status=none'];
  const dropped = Bun.spawnSync(['dd', `of=${file}`, ...flags]);
  if (dropped.exitCode !== 0) throw new Error(`dd cannot drop ${file}: ${dropped.stderr}`);
}
