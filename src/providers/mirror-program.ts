import type { Deadline } from '../diagnostics/deadline.ts';
import type { LogSink } from '../diagnostics/log.ts';
import { decodeRequest } from '../kubelet/request.ts';
import { encodeResponse } from '../kubelet/response.ts';
import { apply, plan, respond } from './mirror.ts';
import { appliedSentences, planSentences } from './mirror-log.ts';
import type { MirrorOptions } from './mirror-options.ts';
import { nodeWorld } from './world.ts';

/** What a run of a plugin needs from its process. */
export interface PluginRun {
  readonly options: MirrorOptions;
  /** The whole request; reads within the deadline. */
  readRequest(): Promise<string>;
  readonly deadline: Deadline;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly log: LogSink;
}

/**
 * Answers one request of the kubelet: the text for standard output. Logs as it goes; throws a Failure for
 * what the administrator can mend, then nothing was written.
 */
export async function runMirrorProvider(run: PluginRun): Promise<string> {
  const { options, deadline, log } = run;
  const request = decodeRequest(await run.readRequest());
  const decided = await plan(request, nodeWorld(options, deadline));
  log(...planSentences(decided, options));
  const applied = await apply(decided, { ...options, deadline: deadline.at }, run.startedAt);
  log(...appliedSentences(decided, applied));
  return encodeResponse(respond(decided, options));
}
