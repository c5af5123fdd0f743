import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';

/** The failure of an answer that is of another kind than the one asked for. */
export function unexpectedKind(path: string, found: unknown, expected: string): Failure {
  const shown = typeof found === 'string' ? kindOf(found) : 'document without kind';
  return new Failure(
    `${quote(path.split('?', 1)[0] ?? path)} is answered with a ${shown}, not a ${expected}; ` +
      'check that --api-server names a Kubernetes API server',
  );
}

/** The server may send back anything, the token too. */
function kindOf(text: string): string {
  return /^[A-Za-z]{1,63}$/.test(text) ? quote(text) : 'document of no kind known';
}
