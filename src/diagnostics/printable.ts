const PRINTABLE = /^[ -~]*$/;

/**
 * Whether a text is printable ASCII alone, as nearly every one is: then nothing in it is to be escaped but
 * quotes. The one expression for all that ask so, because compiling each takes a plugin 0.01 ms.
 */
export function isPrintableAscii(text: string): boolean {
  return PRINTABLE.test(text);
}
