import { quoteTime } from './duration.ts';

const LAYOUT = '2006-01-02T15:04:05Z07:00';

/** A part of the layout: what stands for it there, and what its digits may say. */
interface Part {
  readonly layout: string;
  readonly pattern: RegExp;
  readonly name?: string;
  readonly least?: number;
  readonly most?: number;
}

const PARTS: readonly Part[] = [
  { layout: '2006', pattern: /^[0-9]{4}/ },
  { layout: '-', pattern: /^-/ },
  { layout: '01', pattern: /^[0-9]{2}/, name: 'month', least: 1, most: 12 },
  { layout: '-', pattern: /^-/ },
  { layout: '02', pattern: /^[0-9]{2}/ },
  { layout: 'T', pattern: /^T/ },
  { layout: '15', pattern: /^[0-9]{1,2}/, name: 'hour', most: 23 },
  { layout: ':', pattern: /^:/ },
  { layout: '04', pattern: /^[0-9]{2}/, name: 'minute', most: 59 },
  { layout: ':', pattern: /^:/ },
  { layout: '05', pattern: /^[0-9]{2}(?:[.,][0-9]+)?/, name: 'second', most: 59 },
  { layout: 'Z07:00', pattern: /^(?:Z|[+-][0-9]{2}:[0-9]{2})/ },
];

/**
 * Why a text is no time as Kubernetes' objects hold them, in Go's words; undefined where it is one.
 * Source of the rule: Go's time.Parse with time.RFC3339.
 */
export function timeProblem(text: string): string | undefined {
  const parsing = `parsing time ${quoteTime(text)}`;
  const found: string[] = [];
  let rest = text;
  for (const { layout, pattern, name, least = 0, most = Number.POSITIVE_INFINITY } of PARTS) {
    const digits = pattern.exec(rest)?.[0];
    if (digits === undefined) {
      return `${parsing} as ${quoteTime(LAYOUT)}: cannot parse ${quoteTime(rest)} as ${quoteTime(layout)}`;
    }
    rest = rest.slice(digits.length);
    const number = Number.parseInt(digits, 10);
    if (number < least || number > most) return `${parsing}: ${name} out of range`;
    found.push(digits);
  }
  if (rest !== '') return `${parsing}: extra text: ${quoteTime(rest)}`;
  return isDay(found) ? undefined : `${parsing}: day out of range`;
}

function isDay([year = '', , month = '', , day = '']: readonly string[]): boolean {
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCDate() === Number(day);
}
