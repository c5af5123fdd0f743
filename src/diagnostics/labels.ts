// Read by hand: the runtime compiles each regular expression when it is first used, which takes a pull
// 0.01 to 0.05 ms for those that say the same.

const DASH = 0x2d;
const DOT = 0x2e;

/** Whether a code unit is a digit or a lower-case ASCII letter. */
export function isLowerAlphanumeric(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || isDigit(unit);
}

/**
 * Whether a text is one or more labels with dots between them: letters, digits, and dashes inside, as
 * RFC 1123 has them, of any length. Upper-case letters count where the case is `any`.
 */
export function areLabels(text: string, letterCase: 'lower' | 'any' = 'lower'): boolean {
  let before = DOT;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const isInside = isLowerAlphanumeric(unit) || (letterCase === 'any' && isUpperLetter(unit));
    if (!isInside) {
      if (unit !== DASH && unit !== DOT) return false;
      if (before === DOT || (unit === DOT && before === DASH)) return false;
    }
    before = unit;
  }
  return before !== DOT && before !== DASH;
}

/** Whether a text is one ASCII digit or more. */
export function areDigits(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (!isDigit(text.charCodeAt(at))) return false;
  return text !== '';
}

/** Whether a code unit is an ASCII digit. */
export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function isUpperLetter(unit: number): boolean {
  return unit >= 0x41 && unit <= 0x5a;
}
