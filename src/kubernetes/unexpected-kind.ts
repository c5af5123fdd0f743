import { Failure } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';

/** The failure of an answer that is of another kind than the one asked for. */
export function unexpectedKind(path: string, found: unknown, expected: string): Failure {
  const shown = typeof found === 'string' ? quote(found) : 'document without kind';
  return new Failure(
    `${quote(path)} is answered with a ${shown}, not a ${expected}; ` +
      'check that --api-server names a Kubernetes API server',
  );
}
