import { type Deadline, deadlineIn } from '../diagnostics/deadline.ts';
import { Failure, UsageError } from '../diagnostics/errors.ts';
import { Journal } from '../diagnostics/journal.ts';
import { atLevel, type LogLine, standardError, type TextLine } from '../diagnostics/log.ts';
import { unwritableAnswer } from '../diagnostics/output.ts';
import { QueuedOutput } from '../diagnostics/queued-output.ts';
import { systemReason } from '../diagnostics/system-reason.ts';
import { versionJson } from '../diagnostics/version.ts';
import { readRequestText, type StandardInput } from '../kubelet/read-request.ts';
import { type Flag, type FlagValues, isOn, parseFlags, usage } from './flags.ts';
import type { PluginOptions, PluginRun } from './plugin-run.ts';

/** One of the kubelet's plugins, as its process sees it. */
export interface Plugin<Options extends PluginOptions> {
  readonly name: string;
  readonly purpose: string;
  readonly flags: readonly Flag[];
  readonly version: () => string;
  readonly options: (values: FlagValues) => Options;
  /** Answers one request: the text for standard output. */
  readonly run: (run: PluginRun<Options>) => Promise<string>;
  /** Stands before the reason of a failure. */
  readonly failed: string;
  /** How lines read on standard error; by default as the sentence alone. */
  readonly textLine?: TextLine;
}

/** How long the log may be waited for after the deadline, or without one, in milliseconds. */
const LONGEST_FLUSH_MS = 500;

/** Runs a plugin on a process's arguments and standard streams; returns the exit code: 0, 1 failed, 2 wrong usage. */
export async function runPlugin<Options extends PluginOptions>(
  plugin: Plugin<Options>,
  args: readonly string[],
  stdin: StandardInput,
): Promise<number> {
  const journal = new Journal(plugin.name);
  const errors = new QueuedOutput(2);
  let log = atLevel('error', standardError(errors.write, 'text', plugin.textLine), journal.sink);
  let deadline = deadlineIn(LONGEST_FLUSH_MS, '');
  let undo: () => void = () => undefined;
  try {
    const values = parseFlags(args, plugin.flags);
    const options = plugin.options(values);
    const stderr = standardError(errors.write, options.logFormat, plugin.textLine);
    log = atLevel(options.logLevel, stderr, journal.sink);
    deadline = deadlineIn(options.timeout);
    const answer = () =>
      plugin.run({
        options,
        deadline,
        onFailure: (step) => {
          undo = step;
        },
        readRequest: () => readRequestText(stdin, deadline),
        startedAt: () => performance.timeOrigin,
        log,
        journal: atLevel(options.logLevel, journal.sink),
      });
    await handOver(printed(plugin, values) ?? (await answer()), deadline);
    return 0;
  } catch (error) {
    undo();
    log([lineFor(error, plugin)]);
    return error instanceof Failure ? error.exitCode : 1;
  } finally {
    if (journal.isWaiting) await journal.flush();
    if (errors.isWaiting) await flushed(errors, deadline);
  }
}

/** Writes an answer to standard output. Throws a Failure where nobody takes it within the deadline. */
function handOver(answer: string, deadline: Deadline): Promise<void> | undefined {
  const output = new QueuedOutput(1);
  try {
    output.write(answer);
  } catch (error) {
    throw unwritableAnswer(systemReason(error));
  }
  return output.isWaiting ? taken(output, deadline) : undefined;
}

async function taken(output: QueuedOutput, deadline: Deadline): Promise<void> {
  try {
    if (await output.flush(deadline.at)) return;
  } catch (error) {
    throw unwritableAnswer(systemReason(error));
  }
  throw unwritableAnswer(`nobody read it within the ${deadline.limit}`);
}

/** Whoever reads slowly gets all lines; who does not read is not waited for for ever. */
async function flushed(errors: QueuedOutput, deadline: Deadline): Promise<void> {
  try {
    await errors.flush(Math.max(deadline.at, Date.now() + LONGEST_FLUSH_MS));
  } catch {
    // Nobody listens any more.
  }
}

type Texts = Pick<Plugin<PluginOptions>, 'name' | 'purpose' | 'flags' | 'version' | 'failed'>;

function printed({ name, purpose, flags, version }: Texts, values: FlagValues): string | undefined {
  if (isOn(values, 'help')) {
    return usage(`Usage: ${name} [flags] < request > response\n\n${purpose}`, flags);
  }
  if (isOn(values, 'version')) return version();
  if (isOn(values, 'version-json')) return versionJson();
  return undefined;
}

function lineFor(error: unknown, { name, failed }: Texts): LogLine {
  if (error instanceof UsageError) return { level: 'error', text: `${name}: ${error.message}` };
  // The message of a defect of this program may quote anything, so only its kind is told.
  const kind = error instanceof Error ? error.name : typeof error;
  const reason =
    error instanceof Failure ? error.message : `internal error (${kind}); please report it`;
  return { level: 'error', text: `${failed}: ${reason}` };
}
