import { readdirSync, statSync } from 'node:fs';
import { Failure, UsageError } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import { systemReason } from '../diagnostics/system-reason.ts';
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
  /** How many files are read for it. */
  readonly fileCount: number;
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
  if (kind !== undefined) return oneFile(kind, isKindGiven, shown, bytes);
  throw new UsageError(
    `cannot tell what ${plain(shown)} is; say it with --kind: ${LINT_KINDS.join(', ')}`,
  );
}

function oneFile(
  kind: LintKind,
  isKindGiven: boolean,
  name: string,
  bytes: Uint8Array,
): LintTarget {
  return { kind, isKindGiven, name, isDirectory: false, fileCount: 1, bytes };
}

/** The kind of the whole, else of the first of its documents that is known. */
function kindOf(name: string, text: string): LintKind | undefined {
  const kinds = documentsOf(text).map((document) => lintKindOf('', document));
  return lintKindOf(name, text) ?? kinds.find((kind) => kind !== undefined);
}

/**
 * The kubelet reads a directory as one configuration, containers/image its drop-ins one by one. What else lies
 * there is read file by file, as far as it is known.
 */
function directoryTargets(name: string, given: LintKind | undefined): LintTarget[] {
  const paths = fileNames(name).map((file) => `${name.replace(/\/+$/, '')}/${file}`);
  const targetOf = (path: string) => fileTarget(path, given, NO_PIPES);
  if (given === KUBELETS) return [kubeletsTarget(name, true, paths)];
  if (given === 'registries-conf') return paths.filter(isDropIn).map(targetOf);
  if (given !== undefined) return paths.map(targetOf);
  const targets = paths.flatMap(knownTarget);
  const others = targets.filter(({ name: path }) => !isConfigFileName(path));
  const isKubelets = targets.some(({ kind }) => kind === KUBELETS);
  if (isKubelets || targets.length === 0) return [kubeletsTarget(name, false, paths), ...others];
  return targets;
}

function kubeletsTarget(name: string, isKindGiven: boolean, paths: readonly string[]): LintTarget {
  const fileCount = paths.filter(isConfigFileName).length;
  const bytes = new Uint8Array();
  return { kind: KUBELETS, isKindGiven, name, isDirectory: true, fileCount, bytes };
}

/** A file whose kind its name and content tell; of mirrors, only what containers/image reads. */
function knownTarget(path: string): readonly LintTarget[] {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  if (!isFile && !isDropIn(path)) return [];
  const bytes = readBounded(path, LARGEST_FILE, NO_PIPES);
  const kind =
    bytes.length > LARGEST_FILE ? undefined : kindOf(path, new TextDecoder().decode(bytes));
  if (kind === undefined || (kind === 'registries-conf' && !isDropIn(path))) return [];
  return [oneFile(kind, false, path, bytes)];
}

function isDropIn(path: string): boolean {
  return path.endsWith('.conf');
}

function fileNames(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => !statSync(`${directory}/${name}`, { throwIfNoEntry: false })?.isDirectory())
      .sort(compareBytes);
  } catch (error) {
    throw unreadable(directory, error);
  }
}

function unreadable(name: string, error: unknown): Failure {
  return new Failure(
    `cannot read ${plain(name)}: ${systemReason(error)}; name a file that you may read`,
    {
      cause: error,
    },
  );
}
