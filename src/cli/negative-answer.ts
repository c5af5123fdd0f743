import { Failure } from '../diagnostics/errors.ts';

/** The answer has been printed, and is no: exit code 1, and not a further word. */
export class NegativeAnswer extends Failure {
  constructor() {
    super('the answer is no');
    this.name = 'NegativeAnswer';
  }
}
