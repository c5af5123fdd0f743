import type { Deadline } from '../diagnostics/deadline.ts';
import { decodeRequest } from '../kubelet/request.ts';
import { encodeResponse } from '../kubelet/response.ts';
import type { Exchange } from '../kubernetes/exchange.ts';
import { apply, plan, respond, takeBack } from './mirror.ts';
import { appliedSentences, planSentences, takenBackSentences } from './mirror-log.ts';
import type { MirrorOptions } from './mirror-options.ts';
import type { MirrorPlan } from './mirror-plan.ts';
import type { PluginRun } from './plugin-run.ts';
import { nodeWorld } from './world.ts';

/**
 * After so many milliseconds whoever waits for the API server's answer sees what for. Else all lines go out as
 * one, because each write wakes up who reads them, who then takes our processor.
 */
const LONG_WAIT_MS = 100;

/**
 * Answers one request of the kubelet, by exchanges of a kind with the API server: the text for standard
 * output. Logs as it goes; throws a Failure for what the administrator can mend, then nothing was written.
 * What it wrote is taken back where a later step fails.
 */
export async function runMirrorProvider(
  run: PluginRun<MirrorOptions>,
  exchange: (deadline: Deadline) => Exchange,
): Promise<string> {
  const { options, deadline, log } = run;
  const request = decodeRequest(await run.readRequest());
  let told = 0;
  let waiting: NodeJS.Timeout | undefined;
  const tell = (known: MirrorPlan): void => {
    const sentences = planSentences(known, options);
    log(sentences);
    told = sentences.length;
  };
  const decided = await plan(request, nodeWorld(options, deadline, exchange), (known) => {
    waiting = setTimeout(() => tell(known), LONG_WAIT_MS);
  });
  clearTimeout(waiting);
  let sentences = planSentences(decided, options).slice(told);
  try {
    const applied = await apply(decided, { ...options, deadline: deadline.at }, run.startedAt);
    run.onFailure(() => log(takenBackSentences(decided, takeBack(decided, applied))));
    sentences = [...sentences, ...appliedSentences(decided, applied)];
  } finally {
    log(sentences);
  }
  return encodeResponse(respond(decided, options));
}
