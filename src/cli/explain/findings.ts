import { plain } from '../../diagnostics/plain.ts';
import type { Finding } from './explanation.ts';

export function good(text: string): Finding {
  return { mark: 'good', text };
}

export function bad(text: string): Finding {
  return { mark: 'bad', text };
}

export function note(text: string): Finding {
  return { mark: 'note', text };
}

/** A place in a file: `FILE:LINE`, or the file alone. */
export function placeText(file: string, line: number | undefined): string {
  return line === undefined ? plain(file) : `${plain(file)}:${line}`;
}

/** `1 mirror`, `2 mirrors`. */
export function counted(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}
