import { areDigits } from '../diagnostics/labels.ts';
import { isPlainAscii } from '../diagnostics/plain-ascii.ts';

/** What came is no answer of HTTP/1.1; the message is a clause and holds nothing of the answer. */
export class HttpSyntaxError extends Error {
  readonly code = 'InvalidHTTPResponse';

  constructor(message: string) {
    super(message);
    this.name = 'HttpSyntaxError';
  }
}

/** Status and headers of an answer. */
export interface AnswerHead {
  readonly status: number;
  /** By their names in lower case; of several the first. */
  readonly headers: ReadonlyMap<string, string>;
  /** Of the body, in bytes; undefined where it ends with the connection. */
  readonly length: number | 'chunked' | undefined;
  /** Whether another request may follow on the connection. */
  readonly staysOpen: boolean;
}

const BEGINNING = 'HTTP/1.';
const NO_BEGINNING = 'it does not begin with a status of HTTP/1.1';
const SWITCHING_PROTOCOLS = 101;
/** Of a length; numbers of so many digits are exact. */
const MOST_DIGITS = 15;
/** But tabs and the ends of lines. */
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** Throws a HttpSyntaxError as soon as the first bytes cannot become an answer. */
export function beginsAsAnswer(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length && at < BEGINNING.length; at += 1) {
    if (bytes[at] !== BEGINNING.charCodeAt(at)) throw new HttpSyntaxError(NO_BEGINNING);
  }
}

/** Decodes the lines before the body (RFC 9112, 4 to 6). Throws a HttpSyntaxError. */
export function answerHead(text: string): AnswerHead {
  const [statusLine = '', ...lines] = text.split('\n');
  if (hasControl(text)) throw new HttpSyntaxError('its head has control characters');
  const [version = '', code = ''] = statusLine.trimEnd().split(' ');
  const status = Number(code);
  if (!version.startsWith(BEGINNING) || !isThreeDigits(code, status)) {
    throw new HttpSyntaxError(NO_BEGINNING);
  }
  if (status === SWITCHING_PROTOCOLS) {
    throw new HttpSyntaxError('it goes over to another protocol, which was not asked for');
  }
  const headers = headersOf(lines);
  const length = bodyLength(status, headers);
  const isLastOne = headers.get('connection')?.toLowerCase().includes('close') === true;
  const staysOpen = version === 'HTTP/1.1' && length !== undefined && !isLastOne;
  return { status, headers, length, staysOpen };
}

/** Spares nearly every answer the expression. */
function hasControl(text: string): boolean {
  return !isPlainAscii(text.replaceAll('\r\n', ' ').replaceAll('"', '')) && CONTROL.test(text);
}

function isThreeDigits(text: string, value: number): boolean {
  return value >= 100 && value <= 999 && String(value) === text;
}

function headersOf(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    if (colon <= 0) throw new HttpSyntaxError('it has a header without a name');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const known = headers.get(name);
    if (known === undefined) headers.set(name, value);
    else if (name === 'content-length' && known !== value) {
      throw new HttpSyntaxError('it has two lengths');
    }
  }
  return headers;
}

/** RFC 9112, 6.3. */
function bodyLength(
  status: number,
  headers: ReadonlyMap<string, string>,
): number | 'chunked' | undefined {
  if (status < 200 || status === 204 || status === 304) return 0;
  const coding = headers.get('transfer-encoding');
  const length = headers.get('content-length');
  if (headers.has('content-encoding')) {
    throw new HttpSyntaxError('it is compressed, which was not asked for');
  }
  if (coding !== undefined) {
    if (coding.toLowerCase() === 'chunked' && length === undefined) return 'chunked';
    throw new HttpSyntaxError('it does not say how long it is');
  }
  if (length === undefined) return undefined;
  if (length.length <= MOST_DIGITS && areDigits(length)) return Number(length);
  throw new HttpSyntaxError('its length is no number');
}
