import { readdirSync, statSync } from 'node:fs';
import { errorCode, Failure, UsageError } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { compareBytes } from '../kubelet/byte-order.ts';
import { isConfigFileName } from '../kubelet/config-files.ts';
import { documentsOf } from '../platform/lint/documents.ts';
import { LINT_KINDS, type LintKind, lintKindOf } from '../platform/lint/lint-kind.ts';
import { readBounded } from './read-bounded.ts';

/** What is checked as one: a file, standard input, or the kubelet's directory of configurations. */
export interface LintTarget {
  readonly kind: LintKind;
  /** Whether the command line says the kind; otherwise the content does. */
  readonly isKindGiven: boolean;
  /** As it was named; a directory's files where it is one that is read file by file. */
  readonly name: string;
  readonly isDirectory: boolean;
  /** Empty for a directory. */
  readonly bytes: Uint8Array;
}

const KUBELETS = 'credential-provider-config';
/** One that only lies in a directory was hardly meant. */
const NO_PIPES = 0;
const LARGEST_FILE = 16 * 1024 * 1024;

/** Reads what the command line names; nothing is standard input. Throws a Failure or UsageError. */
export function lintTargets(names: readonly string[], kind: LintKind | undefined): LintTarget[] {
  if (names.length === 0) return [fileTarget(undefined, kind)];
  return names.flatMap((name) => {
    if (name === '-') return [fileTarget(undefined, kind)];
    return isDirectory(name) ? directoryTargets(name, kind) : [fileTarget(name, kind)];
  });
}

function isDirectory(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch (error) {
    throw unreadable(name, error);
  }
}

function fileTarget(
  name: string | undefined,
  given: LintKind | undefined,
  pipePatience?: number,
): LintTarget {
  const bytes = readBounded(name, LARGEST_FILE, pipePatience);
  const shown = name ?? '<stdin>';
  if (bytes.length > LARGEST_FILE) {
    throw new Failure(`${plain(shown)} is larger than 16 MiB; name the file that you mean`);
  }
  const kind = given ?? kindOf(shown, new TextDecoder().decode(bytes));
  const isKindGiven = given !== undefined;
  if (kind !== undefined) return { kind, isKindGiven, name: shown, isDirectory: false, bytes };
  throw new UsageError(
    `cannot tell what ${plain(shown)} is; say it with --kind: ${LINT_KINDS.join(', ')}`,
  );
}

/** The kind of the whole, else of the first of its documents that is known. */
function kindOf(name: string, text: string): LintKind | undefined {
  const kinds = documentsOf(text).map((document) => lintKindOf('', document));
  return lintKindOf(name, text) ?? kinds.find((kind) => kind !== undefined);
}

/**
 * The kubelet reads a directory as one configuration, containers/image its drop-ins one by one; Butane configs
 * beside them are checked each by itself.
 */
function directoryTargets(name: string, given: LintKind | undefined): LintTarget[] {
  const files = fileNames(name);
  const targetOf = (kind: LintKind) => (file: string) =>
    fileTarget(`${name.replace(/\/+$/, '')}/${file}`, kind, NO_PIPES);
  const dropIns = files.filter((file) => file.endsWith('.conf'));
  const butanes = files.filter((file) => file.endsWith('.bu'));
  if (given === 'registries-conf') return dropIns.map(targetOf(given));
  if (given !== undefined && given !== KUBELETS) return files.map(targetOf(given));
  if (given === undefined && dropIns.length + butanes.length > 0) {
    return [
      ...dropIns.map(targetOf('registries-conf')),
      ...butanes.map(targetOf('butane')),
      ...(dropIns.length === 0 && files.some(isConfigFileName)
        ? [kubeletsTarget(name, given)]
        : []),
    ];
  }
  return [kubeletsTarget(name, given)];
}

function kubeletsTarget(name: string, given: LintKind | undefined): LintTarget {
  const isKindGiven = given !== undefined;
  return { kind: KUBELETS, isKindGiven, name, isDirectory: true, bytes: new Uint8Array() };
}

function fileNames(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .sort(compareBytes);
  } catch (error) {
    throw unreadable(directory, error);
  }
}

function unreadable(name: string, error: unknown): Failure {
  const reason = errorCode(error) ?? String(error);
  return new Failure(`cannot read ${plain(name)}: ${reason}; name a file that you may read`, {
    cause: error,
  });
}
