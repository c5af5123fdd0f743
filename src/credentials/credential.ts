import { utf8Bytes, utf8Text } from '../diagnostics/utf8.ts';

const COLON = 0x3a;

/** A usable credential of one auth entry. `auth` is base64 of `user:password`, padded, as the auth file holds it. */
export interface Credential {
  readonly username: string;
  readonly auth: string;
  readonly identityToken?: string;
}

/** Why an entry gives no credential, to be read after "it"; safe to show. */
export interface Unusable {
  readonly problem: string;
}

/**
 * Decodes one entry of a docker config's `auths`: `auth`, or else `username` and `password`; an
 * `identitytoken` is kept. An `auth` that cannot be decoded is an error of the entry, also beside a
 * user name. Credentials are bytes, not text. containers-auth.json(5), kubernetes/pkg/credentialprovider.
 */
export function decodeEntry(entry: unknown): Credential | Unusable {
  if (entry === null) return NO_CREDENTIALS;
  if (typeof entry !== 'object' || Array.isArray(entry)) return { problem: 'is no JSON object' };
  const { auth, username, password, identitytoken } = entry as Record<string, unknown>;
  if (!isText(auth) || !isText(username) || !isText(password) || !isText(identitytoken)) {
    return { problem: 'has a field that is no string' };
  }
  const decoded = decodeAuth(auth ?? '') ?? fromUserAndPassword(username ?? '', password ?? '');
  const identityToken = identitytoken ?? '';
  if (identityToken === '') return decoded ?? NO_CREDENTIALS;
  if (decoded === undefined) return { username: '', auth: '', identityToken };
  return 'problem' in decoded ? decoded : { ...decoded, identityToken };
}

function isText(field: unknown): field is string | null | undefined {
  return field === undefined || field === null || typeof field === 'string';
}

const NO_CREDENTIALS: Unusable = { problem: 'holds no credentials' };

function fromUserAndPassword(user: string, password: string): Credential | undefined {
  if (user === '' && password === '') return undefined;
  return { username: user, auth: utf8Bytes(`${user}:${password}`).toBase64() };
}

/** undefined where it decodes but holds no `user:password`, so that the other fields are asked. */
function decodeAuth(text: string): Credential | Unusable | undefined {
  const bytes = decodeBase64(text);
  if (bytes === undefined) return { problem: 'has an auth that is not base64' };
  const colon = bytes.indexOf(COLON);
  if (colon === -1) return undefined;
  return {
    username: utf8Text(bytes.subarray(0, colon)),
    auth: withoutNulsAround(bytes, colon + 1).toBase64(),
  };
}

/** Padded or unpadded, either alphabet, blanks allowed; wrong padding is refused. */
function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return undefined;
  }
}

/** The bytes without the NULs at both ends of what begins at `start`. */
function withoutNulsAround(bytes: Uint8Array, start: number): Uint8Array {
  let first = start;
  let end = bytes.length;
  while (first < end && bytes[first] === 0) first += 1;
  while (end > first && bytes[end - 1] === 0) end -= 1;
  const trimmed = bytes.copyWithin(start, first, end);
  return trimmed.subarray(0, start + end - first);
}

/**
 * Decodes an entry of the kubelet's global auth file: like {@link decodeEntry}, but an `auth` that is
 * usable stays as written, because the file is the administrator's, not ours to rewrite.
 */
export function decodeGlobalEntry(entry: unknown): Credential | Unusable {
  const decoded = decodeEntry(entry);
  if ('problem' in decoded || decoded.auth === '') return decoded;
  const { auth } = entry as { readonly auth?: unknown };
  return typeof auth === 'string' && decodeAuth(auth) !== undefined
    ? { ...decoded, auth }
    : decoded;
}
