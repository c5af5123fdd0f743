const EXPONENT_OR_DIGITS = /\d[eE]\+?[\d_]{3}|[\d_]{308}/;

/**
 * Whether a document of JSON or TOML may hold a number beyond a float of 64 bits; nearly none does, and who
 * asks then looks closer.
 */
export function mayHoldHugeNumber(document: string): boolean {
  return EXPONENT_OR_DIGITS.test(document);
}
