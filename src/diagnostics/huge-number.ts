import { isDigit } from './labels.ts';

/** A number of fewer digits is no larger than a float of 64 bits holds. */
const MANY_DIGITS = 308;
const SEVERAL_DIGITS = 3;
/** In UTF-16 units: what is longer takes an expression less time, what is shorter its compilation. */
const LONG = 16 * 1024;
/** What a number stands behind; not a quote, for tokens are full of hexadecimal digits. */
const BEFORE_NUMBER = ' \t\r\n,:[={';

/**
 * Whether a document of JSON or TOML may hold a number beyond a float of 64 bits; nearly none does, and who
 * asks then looks closer.
 */
export function mayHoldHugeNumber(document: string): boolean {
  if (document.length > LONG) {
    return /(?:^|[\s,:[={])[-+]?\d[\d._]*[eE]\+?[\d_]{3}|[\d_]{308}/.test(document);
  }
  return holdsExponent(document, 'e') || holdsExponent(document, 'E') || holdsManyDigits(document);
}

function holdsExponent(document: string, letter: string): boolean {
  for (let at = document.indexOf(letter); at !== -1; at = document.indexOf(letter, at + 1)) {
    if (!isDigit(document.charCodeAt(at - 1)) || !isMantissa(document, at)) continue;
    const start = document[at + 1] === '+' ? at + 2 : at + 1;
    if (endOfDigits(document, start) - start >= SEVERAL_DIGITS) return true;
  }
  return false;
}

/** Whether what ends there is the beginning of a number. */
function isMantissa(document: string, end: number): boolean {
  let start = end;
  while (document[start - 1] === '.' || isDigitOrUnderscore(document.charCodeAt(start - 1))) {
    start -= 1;
  }
  const sign = document[start - 1];
  const before = document[sign === '-' || sign === '+' ? start - 2 : start - 1];
  return before === undefined || BEFORE_NUMBER.includes(before);
}

/** So many digits stand at one of every so many places. */
function holdsManyDigits(document: string): boolean {
  for (let at = MANY_DIGITS - 1; at < document.length; at += MANY_DIGITS) {
    let start = at;
    while (isDigitOrUnderscore(document.charCodeAt(start - 1))) start -= 1;
    if (endOfDigits(document, start) - start >= MANY_DIGITS) return true;
  }
  return false;
}

function endOfDigits(document: string, start: number): number {
  let end = start;
  while (isDigitOrUnderscore(document.charCodeAt(end))) end += 1;
  return end;
}

/** TOML puts underscores between digits. */
function isDigitOrUnderscore(unit: number): boolean {
  return isDigit(unit) || unit === 0x5f;
}
