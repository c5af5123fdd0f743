import type { Comparison, Figure, Quantity } from './comparison.ts';
import type { Machine } from './machine.ts';

const HEADINGS = ['', 'quantity', 'Pullkey', 'against', '', 'ratio', 'bar'];
/** Columns of words; the others hold figures. */
const LEFT_ALIGNED: ReadonlySet<number> = new Set([0, 1, 3, 6]);

/** The figures as a table for people; medians. */
export function table(machine: Machine, comparisons: readonly Comparison[]): string {
  const rows = [HEADINGS, ...comparisons.map(cells)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => aligned(cell, widths[column] ?? 0, LEFT_ALIGNED.has(column)))
      .join('  ')
      .trimEnd(),
  );
  return `${describe(machine)}\n\n${lines.join('\n')}\n`;
}

/** The same for programs, with the spread of each figure. */
export function json(machine: Machine, comparisons: readonly Comparison[]): string {
  return `${JSON.stringify({ machine, comparisons }, null, 2)}\n`;
}

function describe({ date, processor, cores, memory, kernel, runtime, load }: Machine): string {
  return `${date}, ${processor}, ${cores} cores, ${memory}, Linux ${kernel}, ${runtime}, load ${load}`;
}

function cells({ title, quantity, ours, against }: Comparison): string[] {
  const own = [title, quantity, shown(ours, quantity)];
  if (against === undefined) return [...own, '', '', '', ''];
  const { name, figure, ratio, bar } = against;
  const verdict = bar === undefined ? '' : `≤ ${bar} ${ratio <= bar ? 'met' : 'not met'}`;
  return [...own, name, shown(figure, quantity), `${ratio.toFixed(2)}×`, verdict];
}

function shown({ median }: Figure, quantity: Quantity): string {
  if (quantity === 'wall time') return `${median.toFixed(median < 100 ? 1 : 0)} ms`;
  return `${(median / 1024 ** 2).toFixed(1)} MiB`;
}

function aligned(cell: string, width: number, isLeft: boolean): string {
  return isLeft ? cell.padEnd(width) : cell.padStart(width);
}
