/** A place in the text and what is wrong there. */
export interface Remark {
  readonly offset: number;
  readonly message: string;
}

/**
 * The text cannot be read as a config at all. The message is Butane's own sentence, which names a line at
 * best; the remarks say where.
 */
export class SourceProblem extends Error {
  readonly remarks: readonly Remark[];

  constructor(message: string, remarks: readonly Remark[]) {
    super(message);
    this.name = 'SourceProblem';
    this.remarks = remarks;
  }
}

/** Runs a step whose problems Butane tells with a prefix. */
export function inStage<T>(prefix: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof SourceProblem)) throw error;
    throw new SourceProblem(prefix + error.message, error.remarks);
  }
}
