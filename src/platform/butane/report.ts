import type { Path } from './source-node.ts';

/** One finding about a config. */
export interface Entry {
  readonly severity: 'error' | 'warning';
  readonly path: Path;
  /** Whether the key itself is meant rather than its value. */
  readonly isKey: boolean;
  readonly message: string;
}

/** Findings in the order in which they were made; an error among them ends the compilation at its stage. */
export class Report {
  readonly #entries: Entry[] = [];

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get hasErrors(): boolean {
    return this.#entries.some(({ severity }) => severity === 'error');
  }

  error(path: Path, message: string | undefined): void {
    if (message !== undefined) this.#add('error', path, message);
  }

  warn(path: Path, message: string | undefined): void {
    if (message !== undefined) this.#add('warning', path, message);
  }

  warnOfKey(path: Path, message: string): void {
    this.#entries.push({ severity: 'warning', path, isKey: true, message });
  }

  /** Takes over another report's findings, their paths mapped. */
  merge(other: Report, pathOf: (path: Path) => Path = (path) => path): void {
    for (const entry of other.entries) {
      this.#entries.push({ ...entry, path: pathOf(entry.path) });
    }
  }

  #add(severity: Entry['severity'], path: Path, message: string): void {
    this.#entries.push({ severity, path, isKey: false, message });
  }
}
