import { decodeRequest } from '../kubelet/request.ts';
import { encodeResponse } from '../kubelet/response.ts';
import { plan, respond } from './file.ts';
import { debugSentences, outcomeSentence } from './file-log.ts';
import type { FileOptions } from './file-options.ts';
import { nodeFiles } from './file-world.ts';
import type { PluginRun } from './plugin-run.ts';

/**
 * Answers one request of the kubelet from the credential store: the text for standard output. Throws a
 * Failure for what the administrator can mend.
 */
export async function runFileProvider(run: PluginRun<FileOptions>): Promise<string> {
  const { options, deadline } = run;
  const request = decodeRequest(await run.readRequest(), 'optional');
  const decided = await plan(request, nodeFiles(options, deadline));
  if (options.logLevel === 'debug') run.log(debugSentences(decided, options));
  run.journal(outcomeSentence(decided));
  return encodeResponse(respond(decided));
}
