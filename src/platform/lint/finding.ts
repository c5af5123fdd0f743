import type { Position } from '../../diagnostics/position.ts';

/** One thing that is wrong, or rarely meant, in a file. */
export interface Finding {
  readonly file: string;
  /** Undefined where it is about the file as a whole. */
  readonly position: Position | undefined;
  readonly severity: 'error' | 'warning';
  /** Which rule it breaks: a short name that does not change. */
  readonly rule: string;
  /** What is wrong and what to do; never a secret. */
  readonly message: string;
  /** The path of the node's file that it is about, within a MachineConfig or Butane config. */
  readonly nodeFile?: string;
}

/** What a finding says of its place, before the file is known. */
export type Remark = Omit<Finding, 'file' | 'severity'>;

/** A finding that makes the file unfit for its purpose. */
export function errorIn(file: string, remark: Remark): Finding {
  return { file, severity: 'error', ...remark };
}

/** A finding about something that is accepted, and seldom meant. */
export function warningIn(file: string, remark: Remark): Finding {
  return { file, severity: 'warning', ...remark };
}

/** Files in the order given, places in the order of the text. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const files = [...new Set(findings.map(({ file }) => file))];
  const key = ({ file, position }: Finding): readonly number[] => [
    files.indexOf(file),
    position?.line ?? 0,
    position?.column ?? 0,
  ];
  return findings.toSorted((one, other) => {
    const [a, b] = [key(one), key(other)];
    return a.map((number, index) => number - (b[index] ?? 0)).find((difference) => difference) ?? 0;
  });
}
