/** How a check ends; in JSON and text these very words. */
export const VERDICTS = ['ok', 'warning', 'broken', 'unknown'] as const;

/**
 * `broken`: pulls fail, or go without credentials. `warning`: they work, but not as most people mean them to.
 * `unknown`: it could not be seen; never a guess.
 */
export type Verdict = (typeof VERDICTS)[number];

/** What mends a finding: a command for a shell, which can be pasted, or a change that people make. */
export type Remedy = { readonly command: string } | { readonly change: string };

/** What a check saw: one sentence that names its object, without a full stop, never a secret. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly text: string;
  readonly remedy?: Remedy;
  /** The same for programs, where a sentence is not enough. */
  readonly details?: Readonly<Record<string, string | number>>;
}

/** An outcome with the check that it comes from. */
export interface Finding extends Outcome {
  readonly check: string;
}

/**
 * One thing to look at in a world: a node's files and processes, or a cluster. It changes nothing. A
 * Failure that it throws, or an error of the system, becomes `unknown` with that reason.
 */
export interface Check<World> {
  /** A short name that does not change, such as `auth-directory`. */
  readonly id: string;
  /** None where the check has no object, such as mirrors where nothing is mirrored. */
  look(world: World): Outcomes | Promise<Outcomes>;
}

/** Several where a check has several objects, such as one executable for each provider. */
export type Outcomes = Outcome | readonly Outcome[];

/** All is well. */
export function ok(text: string): Outcome {
  return { verdict: 'ok', text };
}

/** It works, and is seldom meant. */
export function warning(text: string, remedy?: Remedy): Outcome {
  return outcome('warning', text, remedy);
}

/** It does not work. */
export function broken(text: string, remedy?: Remedy): Outcome {
  return outcome('broken', text, remedy);
}

/** It cannot be seen from here; the remedy says how it could be. */
export function unknown(text: string, remedy?: Remedy): Outcome {
  return outcome('unknown', text, remedy);
}

function outcome(verdict: Verdict, text: string, remedy: Remedy | undefined): Outcome {
  return { verdict, text, ...(remedy === undefined ? {} : { remedy }) };
}
