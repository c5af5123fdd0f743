/** What is compared; bytes for memory, milliseconds for time. */
export type Quantity = 'wall time' | 'peak memory' | 'sum of PSS';

/** One figure of ours beside another program's. */
export interface Comparison {
  readonly title: string;
  readonly quantity: Quantity;
  readonly ours: Figure;
  readonly against?: Opponent;
}

export interface Opponent {
  readonly name: string;
  readonly figure: Figure;
  /** Ours divided by theirs, of the medians. */
  readonly ratio: number;
  /** The largest ratio that is good enough. */
  readonly bar?: number;
}

/** The middle of all samples, and the range that four of five lie in. */
export interface Figure {
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
  readonly samples: number;
}

export function figureOf(samples: readonly number[]): Figure {
  const sorted = samples.toSorted((one, other) => one - other);
  const at = (part: number) => sorted[Math.round((sorted.length - 1) * part)] ?? Number.NaN;
  return { median: at(0.5), p10: at(0.1), p90: at(0.9), samples: sorted.length };
}

/** Our samples beside another program's; a bar that is not met is told, and does not fail the run. */
export function compare(
  of: { readonly title: string; readonly quantity: Quantity },
  ours: readonly number[],
  other?: { readonly name: string; readonly samples: readonly number[]; readonly bar?: number },
): Comparison {
  const figure = figureOf(ours);
  if (other === undefined) return { ...of, ours: figure };
  const { name, samples, bar } = other;
  const theirs = figureOf(samples);
  const ratio = figure.median / theirs.median;
  const against = { name, figure: theirs, ratio, ...(bar === undefined ? {} : { bar }) };
  return { ...of, ours: figure, against };
}
