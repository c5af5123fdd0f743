/**
 * A failure that the person at the keyboard can mend: one sentence that says what failed, on which
 * file or object and why, and what to do next. It never carries a secret, and is printed without a
 * stack trace.
 */
export class Failure extends Error {
  readonly exitCode: number = 1;

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'Failure';
  }
}

/** Wrong use of a command line; exit code 2. The message names what is allowed. */
export class UsageError extends Failure {
  override readonly exitCode = 2;

  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** A failure whose reasons are printed already, so that only the exit code is left to say. */
export class ToldFailure extends Failure {
  constructor() {
    super('the reasons have been told');
    this.name = 'ToldFailure';
  }
}

/** The system's reason for a failed file operation (`ENOENT`, `EACCES`, …), or undefined for another error. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
