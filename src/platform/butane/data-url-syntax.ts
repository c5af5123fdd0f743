const PREFIX = 'data:';
/** RFC 2045's token characters. */
const TOKEN = /^[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]+$/;
const MEDIA_TYPES = /^(text|image|audio|video|application|message|multipart)/;
const URL_CHARACTERS = /^[^\x00-\x20<>#"{}|\\^[\]`\x7f-\u{10ffff}]*$/u;
const BASE64_CHARACTERS = /^[A-Za-z0-9+/=\n]*$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * What is wrong with a data URL, in the words of the library that Ignition uses
 * (vincent-petithory/dataurl); undefined for a good one.
 */
export function dataUrlProblem(url: string): string | undefined {
  if (!url.startsWith(PREFIX)) return 'missing data prefix';
  const { mediaType, parameters, data } = split(url.slice(PREFIX.length));
  const isCut = data === undefined;
  return (
    mediaTypeProblem(mediaType, isCut && parameters.length === 0) ??
    parametersProblem(parameters, isCut) ??
    (parameters.at(-1) === 'base64' ? base64Problem(data ?? '') : escapedProblem(data ?? ''))
  );
}

interface Parts {
  readonly mediaType: string;
  readonly parameters: readonly string[];
  /** What follows the comma; undefined without a comma. */
  readonly data: string | undefined;
}

/** Semicolons and commas inside quotes separate nothing. */
function split(text: string): Parts {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\' && isQuoted) at += 1;
    else if (isQuoted || (character !== ';' && character !== ',')) continue;
    else {
      parts.push(text.slice(start, at));
      start = at + 1;
      if (character === ',') return named(parts, text.slice(start));
    }
  }
  return named([...parts, text.slice(start)], undefined);
}

function named(
  [mediaType = '', ...parameters]: readonly string[],
  data: string | undefined,
): Parts {
  return { mediaType, parameters, data };
}

function mediaTypeProblem(mediaType: string, isCut: boolean): string | undefined {
  if (mediaType === '') return isCut ? 'missing comma before data' : undefined;
  const slash = mediaType.indexOf('/');
  const type = slash === -1 ? mediaType : mediaType.slice(0, slash);
  if (!TOKEN.test(type.slice(0, 1))) return 'invalid character after data prefix';
  if (!TOKEN.test(type)) return 'invalid character for media type';
  if (slash === -1) return isCut ? 'missing media type slash' : 'invalid character for media type';
  if (!/^x-/i.test(type) && !MEDIA_TYPES.test(type)) return 'invalid media type';
  const subtype = mediaType.slice(slash + 1);
  if (subtype !== '' && !TOKEN.test(subtype)) return 'invalid character for media subtype';
  return isCut ? 'incomplete media type' : undefined;
}

function parametersProblem(parameters: readonly string[], isCut: boolean): string | undefined {
  for (const [index, parameter] of parameters.entries()) {
    const isLast = index === parameters.length - 1;
    const problem = parameterProblem(parameter, isLast && isCut, isLast);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function parameterProblem(text: string, isCut: boolean, isLast: boolean): string | undefined {
  const equals = text.indexOf('=');
  const attribute = equals === -1 ? text : text.slice(0, equals);
  if (attribute === '') {
    const isEnd = equals === 0 || isLast;
    return isEnd ? 'unterminated parameter sequence' : 'invalid character for parameter attribute';
  }
  if (!TOKEN.test(attribute)) return 'invalid character for parameter attribute';
  if (equals !== -1) return valueProblem(text.slice(equals + 1), isCut);
  if (isCut) return 'unterminated parameter sequence';
  if (!isLast) return 'invalid character for parameter attribute';
  return attribute === 'base64' ? undefined : `expected base64, got ${attribute}`;
}

function valueProblem(value: string, isCut: boolean): string | undefined {
  const isQuoted = value.startsWith('"');
  if (value === '' ? !isCut : !isQuoted && !TOKEN.test(value)) {
    return 'invalid character for parameter value';
  }
  return isCut ? 'missing comma before data' : undefined;
}

function base64Problem(data: string): string | undefined {
  if (!BASE64_CHARACTERS.test(data)) return 'invalid data character';
  const text = data.replaceAll('\n', '');
  if (text.length % 4 === 0 && BASE64.test(text)) return undefined;
  return `illegal base64 data at input byte ${illegalByte(text)}`;
}

/** Where Go's decoder stops: at padding that is misplaced, else at the end of the last whole group. */
function illegalByte(text: string): number {
  const padding = text.indexOf('=');
  if (padding === -1) return text.length - (text.length % 4);
  const missing = (4 - (padding % 4)) % 4;
  if (missing === 0 || missing === 3) return padding;
  const isPadded = text.slice(padding, padding + missing) === '='.repeat(missing);
  if (isPadded) return padding + missing;
  return padding === text.length - 1 ? text.length : padding;
}

function escapedProblem(data: string): string | undefined {
  if (!URL_CHARACTERS.test(data)) return 'invalid data character';
  const bad = /%(?![0-9A-Fa-f]{2})([0-9A-Fa-f]?)([\s\S]?)/.exec(data);
  if (bad === null) return undefined;
  const isAtEnd = data.slice(bad.index).length < 3 && /^%[0-9A-Fa-f]?$/.test(data.slice(bad.index));
  return isAtEnd
    ? 'rfc2396: unexpected end of unescape sequence'
    : 'rfc2396: invalid char 0x25 in unescape sequence';
}
