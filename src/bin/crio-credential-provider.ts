import { deadlineIn } from '../diagnostics/deadline.ts';
import { Failure, UsageError } from '../diagnostics/errors.ts';
import { Journal } from '../diagnostics/journal.ts';
import { atLevel, type LogLine, type LogSink, standardError } from '../diagnostics/log.ts';
import { writeAnswer } from '../diagnostics/output.ts';
import { versionJson, versionText } from '../diagnostics/version.ts';
import { readRequestText } from '../kubelet/read-request.ts';
import { type FlagValues, isOn, parseFlags, usage } from '../providers/flags.ts';
import { MIRROR_FLAGS, type MirrorOptions, mirrorOptions } from '../providers/mirror-options.ts';
import { runMirrorProvider } from '../providers/mirror-program.ts';

const NAME = 'crio-credential-provider';
const SUMMARY = `Usage: ${NAME} [flags] < request > response

Kubelet credential provider plugin: credentials of a pod's namespace for registry mirrors, for CRI-O.`;

/** Runs the mirror provider on this process's arguments and streams; returns the exit code. */
export async function crioCredentialProvider(args: readonly string[]): Promise<number> {
  const journal = new Journal(NAME);
  let log = atLevel('error', standardError('text'), journal.sink);
  try {
    const values = parseFlags(args, MIRROR_FLAGS);
    const options = mirrorOptions(values, process.ppid);
    log = atLevel(options.logLevel, standardError(options.logFormat), journal.sink);
    writeAnswer(printed(values) ?? (await answer(options, log)));
    return 0;
  } catch (error) {
    log(lineFor(error));
    return error instanceof Failure ? error.exitCode : 1;
  } finally {
    await journal.flush();
  }
}

function printed(values: FlagValues): string | undefined {
  if (isOn(values, 'help')) return usage(SUMMARY, MIRROR_FLAGS);
  if (isOn(values, 'version')) return versionText();
  if (isOn(values, 'version-json')) return versionJson();
  return undefined;
}

function answer(options: MirrorOptions, log: LogSink): Promise<string> {
  const deadline = deadlineIn(options.timeout);
  return runMirrorProvider({
    options,
    deadline,
    readRequest: () => readRequestText({ fd: 0, stream: () => Bun.stdin.stream() }, deadline),
    startedAt: performance.timeOrigin,
    log,
  });
}

function lineFor(error: unknown): LogLine {
  if (error instanceof UsageError) return { level: 'error', text: `${NAME}: ${error.message}` };
  // The message of a defect of this program may quote anything, so only its kind is told.
  const kind = error instanceof Error ? error.name : typeof error;
  const reason =
    error instanceof Failure ? error.message : `internal error (${kind}); please report it`;
  return { level: 'error', text: `Failed to run credential provider: ${reason}` };
}
