/** One end for everything that a program waits for. */
export interface Deadline {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How long it was set for, in milliseconds; for messages. */
  readonly milliseconds: number;
  /** Aborts what is under way when the time is over. */
  readonly signal: AbortSignal;
}

/** A deadline that many milliseconds from now. */
export function deadlineIn(milliseconds: number): Deadline {
  return new Countdown(milliseconds);
}

/** Beyond this a timer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

class Countdown implements Deadline {
  readonly at: number;
  readonly milliseconds: number;
  #signal: AbortSignal | undefined;

  constructor(milliseconds: number) {
    this.at = Date.now() + milliseconds;
    this.milliseconds = milliseconds;
  }

  /** Made when somebody first waits: many runs of a plugin wait for nothing. */
  get signal(): AbortSignal {
    const left = Math.max(this.at - Date.now(), 0);
    this.#signal ??= AbortSignal.timeout(Math.min(left, LONGEST_TIMER_MS));
    return this.#signal;
  }
}
