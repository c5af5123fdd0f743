import { gunzipSync } from 'node:zlib';
import { parse, parseAllDocuments } from 'yaml';
import { compileButane } from '../../../src/platform/butane/compile.ts';
import { MemoryFiles } from '../../support/memory-files.ts';
import type { ConformanceCase } from '../suite.ts';

interface ButaneCase extends ConformanceCase {
  readonly input: {
    readonly text: string;
    readonly args: readonly string[];
    readonly filesDir?: Readonly<Record<string, string>>;
  };
  readonly expect: Result & { readonly files?: readonly RecordedFile[] };
}

interface Result {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RecordedFile {
  readonly path: string;
  readonly form: string;
  readonly content?: string;
  readonly contentBase64?: string;
}

const UNSUPPORTED_STORAGE = ['disks', 'filesystems', 'luks', 'raid'];
const SENTENCE = 'Error translating config: ';
const SYNTAX_SENTENCE =
  /^Error translating config: Error unmarshaling yaml: yaml: (?!unmarshal errors)/;
const POSITION = /--> <stdin>:\d+:\d+\n/;
/** Go's and our gzip differ by some bytes, which decides where they are as good as base64. */
const GZIP_TOLERANCE = 12;

/** One compilation: output, decoded files, exit code and messages. */
export function checkButane(recorded: ConformanceCase): string | undefined {
  const one = recorded as ButaneCase;
  const ours = compile(one);
  if (hasUnsupportedSection(one.input.text)) return refusalProblem(ours);
  const { expect } = one;
  if (ours.exitCode !== expect.exitCode)
    return differs('exit code', expect.exitCode, ours.exitCode);
  if (masked(ours.stdout) !== masked(expect.stdout)) {
    return differs('stdout', expect.stdout, ours.stdout);
  }
  if (!isSameTold(expect.stderr, ours.stderr)) return differs('stderr', expect.stderr, ours.stderr);
  return filesProblem(expect, ours.stdout);
}

function compile({ input: { text, args, filesDir } }: ButaneCase): Result {
  const { output, messages } = compileButane({
    bytes: new TextEncoder().encode(text),
    fileName: '<stdin>',
    localFiles: args.includes('--files-dir')
      ? new MemoryFiles('filesdir', filesDir ?? {})
      : undefined,
    isRaw: args.includes('--raw'),
    isPretty: args.includes('--pretty'),
  });
  const exitCode = output === undefined || (args.includes('--strict') && messages !== '') ? 1 : 0;
  const isShown = exitCode === 0 && !args.includes('--check');
  const strict = exitCode === 1 && output !== undefined;
  return {
    exitCode,
    stdout: isShown ? `${output}\n` : '',
    stderr: messages + (strict ? 'Config produced warnings and --strict was specified\n' : ''),
  };
}

function hasUnsupportedSection(text: string): boolean {
  const [document] = parseAllDocuments(text, { uniqueKeys: false });
  if (document === undefined || !('contents' in document) || document.errors.length > 0)
    return false;
  if (document.has('boot_device')) return true;
  return UNSUPPORTED_STORAGE.some((section) => document.hasIn(['storage', section]));
}

/** Sections that we refuse by name, whatever Butane makes of them. */
function refusalProblem({ exitCode, stdout, stderr }: Result): string | undefined {
  const isRefused = exitCode === 1 && stdout === '' && POSITION.test(stderr);
  return isRefused && stderr.includes('not supported by this release') ? undefined : stderr;
}

/** The form of contents is compared file by file. */
function masked(output: string): string {
  return output.replace(
    /compression"?: ?"?(gzip)?"*,?(\s*"?)source"?: ?"?(data:[^"\s]*)"?/g,
    'compression$2source',
  );
}

/**
 * Butane's messages; where it names no place we do, before its sentence. Its words for YAML that cannot be
 * parsed are libyaml's, and of several unused keys the order is random.
 */
function isSameTold(theirs: string, ours: string): boolean {
  if (SYNTAX_SENTENCE.test(theirs)) {
    return POSITION.test(ours) && SYNTAX_SENTENCE.test(ours.slice(ours.lastIndexOf(SENTENCE)));
  }
  if (theirs.startsWith(SENTENCE)) return POSITION.test(ours) && ours.endsWith(theirs);
  return Bun.deepEquals(findingsOf(theirs), findingsOf(ours));
}

function findingsOf(messages: string): string[] {
  const findings = messages.split(/\n(?=\n(?:error|warning))/).map((one) => one.trim());
  const isUnused = (one: string) => one.includes(' unused key ');
  return [...findings.filter(isUnused).sort(), ...findings.filter((one) => !isUnused(one))];
}

function filesProblem(
  { files: expected = [], stdout }: ButaneCase['expect'],
  output: string,
): string | undefined {
  const theirs = outputFiles(stdout);
  const ours = outputFiles(output);
  if (ours.length !== expected.length) return differs('files', expected.length, ours.length);
  for (const [index, file] of expected.entries()) {
    const own = ours[index];
    if (own === undefined || own.path !== file.path) return differs('path', file.path, own?.path);
    const content = Buffer.from(
      file.contentBase64 ?? file.content ?? '',
      file.contentBase64 === undefined ? 'utf8' : 'base64',
    );
    if (!content.equals(own.content)) return differs(file.path, file, own.content.toString());
    const excess = Math.abs((theirs[index]?.length ?? 0) - own.length);
    if (file.form !== own.form && excess > GZIP_TOLERANCE) {
      return differs(`form of ${file.path}`, file.form, own.form);
    }
  }
  return undefined;
}

interface OutputFile {
  readonly path: string;
  readonly form: string;
  readonly content: Buffer;
  readonly length: number;
}

function outputFiles(output: string): OutputFile[] {
  const document = output === '' ? {} : (parse(output) as Output);
  const { storage } = document.spec?.config ?? document;
  return (storage?.files ?? []).map(({ path, contents }) => {
    const source = contents?.source ?? '';
    const [, base64, data = ''] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(source) ?? [];
    const bytes = base64 === undefined ? unescaped(data) : Buffer.from(data, 'base64');
    const isGzip = contents?.compression === 'gzip' && base64 !== undefined;
    const form = base64 === undefined ? 'escaped' : isGzip ? 'gzip base64' : 'base64';
    return {
      path,
      form: source.startsWith('data:') ? form : 'other',
      content: isGzip ? gunzipSync(bytes) : bytes,
      length: data.length,
    };
  });
}

interface Output {
  readonly spec?: { readonly config: Output };
  readonly storage?: {
    readonly files?: readonly {
      readonly path: string;
      readonly contents?: { readonly source?: string; readonly compression?: string };
    }[];
  };
}

function unescaped(data: string): Buffer {
  const text = data.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(text, 'latin1');
}

function differs(what: string, expected: unknown, got: unknown): string {
  return `${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`;
}
