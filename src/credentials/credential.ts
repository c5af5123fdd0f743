const COLON = 0x3a;
const SEPARATOR = Buffer.of(COLON);
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const BLANKS = /[ \t\r\n]/g;

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
  const fields = [auth, username, password, identitytoken].map((one) => one ?? '');
  if (!fields.every((one) => typeof one === 'string')) {
    return { problem: 'has a field that is no string' };
  }
  const [authText = '', user = '', secret = '', identityToken = ''] = fields;
  const decoded = decodeAuth(authText) ?? fromUserAndPassword(user, secret);
  if (identityToken === '') return decoded ?? NO_CREDENTIALS;
  if (decoded === undefined) return { username: '', auth: '', identityToken };
  return 'problem' in decoded ? decoded : { ...decoded, identityToken };
}

const NO_CREDENTIALS: Unusable = { problem: 'holds no credentials' };

function fromUserAndPassword(user: string, password: string): Credential | undefined {
  if (user === '' && password === '') return undefined;
  return { username: user, auth: Buffer.from(`${user}:${password}`).toString('base64') };
}

/** undefined where it decodes but holds no `user:password`, so that the other fields are asked. */
function decodeAuth(text: string): Credential | Unusable | undefined {
  const bytes = decodeBase64(text);
  if (bytes === undefined) return { problem: 'has an auth that is not base64' };
  const colon = bytes.indexOf(COLON);
  if (colon === -1) return undefined;
  const user = bytes.subarray(0, colon);
  const password = withoutNuls(bytes.subarray(colon + 1));
  return {
    username: user.toString(),
    auth: Buffer.concat([user, SEPARATOR, password]).toString('base64'),
  };
}

/** Padded or unpadded, either alphabet, blanks allowed; wrong padding is refused. */
function decodeBase64(text: string): Buffer | undefined {
  const compact = text.replace(BLANKS, '').replaceAll('-', '+').replaceAll('_', '/');
  const padded = compact.endsWith('=') ? compact.length % 4 === 0 : compact.length % 4 !== 1;
  return BASE64.test(compact) && padded ? Buffer.from(compact, 'base64') : undefined;
}

function withoutNuls(bytes: Buffer): Buffer {
  let start = 0;
  let end = bytes.length;
  while (start < end && bytes[start] === 0) start += 1;
  while (end > start && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(start, end);
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
