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
  return {
    at: Date.now() + milliseconds,
    milliseconds,
    signal: AbortSignal.timeout(Math.min(milliseconds, LONGEST_TIMER_MS)),
  };
}

/** Beyond this a timer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
