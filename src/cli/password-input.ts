import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { Failure } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { readInput } from './input.ts';

const STANDARD_INPUT = 0;

/** A password from standard input, without its final newline. Never from an argument, which every process can see. */
export function readPassword(): string {
  const password = readInput('-').replace(/\r?\n$/, '');
  if (password !== '') return password;
  throw new Failure(
    'standard input holds no password; pipe it in: printf %s "$PASSWORD" | pullkey …',
  );
}

/** A password typed at the terminal without being shown, or from standard input where that is none. Throws a Failure. */
export async function askPassword(label: string): Promise<string> {
  if (!isatty(STANDARD_INPUT)) return readPassword();
  const password = await typedLine(`${label}: `);
  if (password !== '') return password;
  throw new Failure('no password was typed; nothing was changed');
}

/** Empty where it is broken off with Ctrl-C or Ctrl-D. */
async function typedLine(prompt: string): Promise<string> {
  const input = new ReadStream(STANDARD_INPUT);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  const { promise, resolve } = Promise.withResolvers<string>();
  lines.once('line', resolve);
  lines.once('SIGINT', () => resolve(''));
  lines.once('close', () => resolve(''));
  // Only now the terminal shows nothing of what is typed.
  writeAll(2, prompt);
  const line = await promise;
  lines.close();
  input.destroy();
  writeAll(2, '\n');
  return line;
}
