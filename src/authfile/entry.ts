import { toArray } from '../diagnostics/lists.ts';

/** One entry of an auth file, as containers-auth.json(5) has it; an empty `auth` is left out. */
export interface AuthEntry {
  readonly auth: string;
  readonly identityToken?: string;
}

/** An auth file's content: registry or repository → entry. */
export type Auths = ReadonlyMap<string, AuthEntry>;

/** What Go's encoder escapes, for HTML. */
const ESCAPED = ['<', '>', '&', '\u2028', '\u2029'] as const;

/** The file's text: tab-indented, sorted keys, final newline, as the original writes it. */
export function encodeAuths(auths: Auths): string {
  const sorted = toArray(auths).sort(([one], [other]) => (one < other ? -1 : 1));
  const entries: Record<string, object> = Object.create(null);
  for (const [key, { auth, identityToken }] of sorted) {
    entries[key] = {
      ...(auth === '' ? {} : { auth }),
      ...(identityToken === undefined ? {} : { identitytoken: identityToken }),
    };
  }
  let text = JSON.stringify({ auths: entries }, null, '\t');
  for (const character of ESCAPED) text = text.replaceAll(character, escapeUnit);
  return `${text}\n`;
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
