import { Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { systemReason } from '../diagnostics/system-reason.ts';

/** Starts and reloads services: systemctl(1), or a program that takes the same words. */
export interface ServiceControl {
  /** Throws a Failure where the program fails or takes too long. */
  run(...words: readonly string[]): Promise<void>;
}

const LONGEST_MS = 120_000;
const LONGEST_TOLD = 500;

/** Runs a program for every request. */
export function serviceControl(program = 'systemctl'): ServiceControl {
  return { run: (...words) => runProgram(program, words) };
}

async function runProgram(program: string, words: readonly string[]): Promise<void> {
  const command = [program, ...words].map(plain).join(' ');
  const child = start(program, words);
  const [told, exitCode] = await Promise.all([child.stderr.text(), child.exited]);
  if (exitCode === 0) return;
  const why = child.signalCode === null ? `exit code ${exitCode}` : `ended by ${child.signalCode}`;
  const reason = told.trim().slice(0, LONGEST_TOLD);
  throw new Failure(`${command} failed (${why})${reason === '' ? '' : `: ${reason}`}`);
}

function start(program: string, words: readonly string[]) {
  try {
    return Bun.spawn([program, ...words], {
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'pipe',
      timeout: LONGEST_MS,
    });
  } catch (error) {
    throw new Failure(
      `cannot run ${plain(program)}: ${systemReason(error)}; name another with --kubelet-control`,
    );
  }
}
