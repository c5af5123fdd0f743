import type { LogLevel, LogLine, TextLine } from '../diagnostics/log.ts';
import { quote } from '../diagnostics/quote.ts';
import type { FilePlan } from './file.ts';
import type { FileOptions } from './file-options.ts';

/** The original's names of the levels, as Python's logging has them. */
const LEVEL_NAMES: Readonly<Record<LogLevel, string>> = {
  error: 'ERROR',
  warn: 'WARNING',
  info: 'INFO',
  debug: 'DEBUG',
};

/** A line on standard error as the original writes it: `ERROR: …`. */
export const levelledText: TextLine = ({ level, text }) => `${LEVEL_NAMES[level]}: ${text}`;

/** How the decision was found, in the sentences of the original; never a password. */
export function debugSentences(
  { repository, tried, found }: FilePlan,
  { credentialRoot }: Pick<FileOptions, 'credentialRoot'>,
): LogLine[] {
  if (repository === undefined) return [];
  const root = credentialRoot.replace(/\/+$/, '');
  const texts = [
    `Got repository name: ${repository.host}`,
    ...tried.map(({ text }) => `Testing json_file_path: ${root}/${text}.json`),
  ];
  if (found !== undefined) {
    const { path, kind, username, helper } = found;
    const from = helper === undefined ? kind : `${kind}, credential helper ${quote(helper)}`;
    texts.push('Got it', `Got credentials: user ${quote(username)} from ${quote(path)} (${from})`);
  }
  return texts.map((text) => ({ level: 'debug', text }));
}

/** The journal's line about a pull, in the original's words; none where no registry was named. */
export function outcomeSentence({ repository, failure }: FilePlan): LogLine[] {
  if (repository === undefined) return [];
  const { host } = repository;
  return failure === undefined
    ? [{ level: 'info', text: `Credential request fulfilled for ${host}` }]
    : [{ level: 'error', text: `Failed to fulfill credential request for ${host}` }];
}
