import { Option } from 'commander';
import { UsageError } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { AUDIENCE_REMARK, type Audience, DOCUMENTED_AUDIENCE } from '../platform/audience.ts';
import { note } from './print-documents.ts';

const LONGEST_AUDIENCE = 1024;

/** `--audience`: for whom the pods' tokens are. */
export function audienceOption(): Option {
  return new Option(
    '--audience <url>',
    "of the pods' tokens; one that the API server accepts",
  ).argParser(audienceValue);
}

function audienceValue(value: string): string {
  if (/^[\x21-\x7e]+$/.test(value) && value.length <= LONGEST_AUDIENCE) return value;
  throw new UsageError(
    `--audience ${quote(value)} cannot be an audience; give one of the API server's --api-audiences`,
  );
}

/** How to learn the audience of a cluster at hand: the first `aud` of a token requested without audiences. */
export type AudienceOf = () => Promise<string | undefined>;

/** The audience given, else the one of the cluster at hand, else the documented one, with a note that it is a guess. */
export async function audienceFor(
  given: string | undefined,
  audienceOf?: AudienceOf,
): Promise<Audience> {
  const url = given ?? (await audienceOf?.());
  if (url !== undefined) return { url, isGuessed: false };
  note(`no --audience is given, so it is ${DOCUMENTED_AUDIENCE}. ${AUDIENCE_REMARK}`);
  return { url: DOCUMENTED_AUDIENCE, isGuessed: true };
}
