/** One end for everything that a program waits for. */
export interface Deadline {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How long it was set for and by whom, for messages: `30 s of --timeout`. */
  readonly limit: string;
  /** Milliseconds, as many as a timer takes. */
  readonly left: number;
  readonly isOver: boolean;
  /** Aborts what is under way when the time is over. */
  readonly signal: AbortSignal;
}

/** A deadline that many milliseconds from now, set by a flag, or by nobody: ''. */
export function deadlineIn(milliseconds: number, flag: '--timeout' | '' = '--timeout'): Deadline {
  return new Countdown(milliseconds, flag);
}

/** Beyond this a timer fires at once; less one, for timers that wait a millisecond more. */
const LONGEST_TIMER_MS = 2 ** 31 - 2;

class Countdown implements Deadline {
  readonly at: number;
  private readonly milliseconds: number;
  private readonly flag: string;
  private madeSignal: AbortSignal | undefined;

  constructor(milliseconds: number, flag: string) {
    this.at = Date.now() + milliseconds;
    this.milliseconds = milliseconds;
    this.flag = flag;
  }

  get limit(): string {
    const seconds = `${this.milliseconds / 1000} s`;
    return this.flag === '' ? seconds : `${seconds} of ${this.flag}`;
  }

  get left(): number {
    // By hand: the first use of Math costs a plugin 0.03 ms.
    const left = this.at - Date.now();
    if (left < 0) return 0;
    return left < LONGEST_TIMER_MS ? left : LONGEST_TIMER_MS;
  }

  get isOver(): boolean {
    return this.madeSignal?.aborted === true || Date.now() >= this.at;
  }

  /** Made when somebody first waits: many runs of a plugin wait for nothing. */
  get signal(): AbortSignal {
    this.madeSignal ??= AbortSignal.timeout(this.left);
    return this.madeSignal;
  }
}
