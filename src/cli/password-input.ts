import { Failure } from '../diagnostics/errors.ts';
import { readInput } from './input.ts';

/** A password from standard input, without its final newline. Never from an argument, which every process can see. */
export function readPassword(): string {
  const password = readInput('-').replace(/\r?\n$/, '');
  if (password !== '') return password;
  throw new Failure(
    'standard input holds no password; pipe it in: printf %s "$PASSWORD" | pullkey render …',
  );
}
