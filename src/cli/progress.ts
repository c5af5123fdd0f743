import { isatty } from 'node:tty';
import { writeAll } from '../diagnostics/output.ts';

const STANDARD_ERROR = 2;
const CLEAR_LINE = '\r\x1b[K';

/** Shows on a terminal what is being waited for; `undefined` takes it away. Elsewhere nothing is written. */
export function showProgress(text: string | undefined): void {
  if (isatty(STANDARD_ERROR)) writeAll(STANDARD_ERROR, CLEAR_LINE + (text ?? ''));
}
