import { deadlineIn } from '../diagnostics/deadline.ts';
import { Failure, UsageError } from '../diagnostics/errors.ts';
import { Journal } from '../diagnostics/journal.ts';
import { atLevel, type LogLine, standardError, type TextLine } from '../diagnostics/log.ts';
import { writeAnswer } from '../diagnostics/output.ts';
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

/** Runs a plugin on a process's arguments and standard streams; returns the exit code: 0, 1 failed, 2 wrong usage. */
export async function runPlugin<Options extends PluginOptions>(
  plugin: Plugin<Options>,
  args: readonly string[],
  stdin: StandardInput,
): Promise<number> {
  const journal = new Journal(plugin.name);
  let log = atLevel('error', standardError('text', plugin.textLine), journal.sink);
  try {
    const values = parseFlags(args, plugin.flags);
    const options = plugin.options(values);
    const stderr = standardError(options.logFormat, plugin.textLine);
    log = atLevel(options.logLevel, stderr, journal.sink);
    const deadline = deadlineIn(options.timeout);
    const answer = () =>
      plugin.run({
        options,
        deadline,
        readRequest: () => readRequestText(stdin, deadline),
        startedAt: () => performance.timeOrigin,
        log,
        journal: atLevel(options.logLevel, journal.sink),
      });
    writeAnswer(printed(plugin, values) ?? (await answer()));
    return 0;
  } catch (error) {
    log([lineFor(error, plugin)]);
    return error instanceof Failure ? error.exitCode : 1;
  } finally {
    await journal.flush();
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
