import { expect } from 'bun:test';
import { parseAllDocuments } from 'yaml';
import { type PullkeyRun, pullkey } from './pullkey.ts';

/** Runs `pullkey render` with the words of a line. */
export function render(line: string, stdin = ''): PullkeyRun {
  return pullkey(['render', ...line.split(' ')], stdin);
}

/** What it prints, where it ends well. */
export function rendered(line: string, stdin = ''): string {
  const run = render(line, stdin);
  expect(run).toMatchObject({ exitCode: 0 });
  return run.stdout;
}

/** The documents of a YAML stream. */
export function documents(yaml: string): unknown[] {
  return parseAllDocuments(yaml).map((document) => document.toJS());
}
