/**
 * A name as Go's decoders compare it with the ASCII names that they know: without regard to case, by
 * Unicode's simple folding, in which the long s and the Kelvin sign are the only foreign letters
 * that equal ASCII ones.
 */
export function foldCase(name: string): string {
  return name.toLowerCase().replaceAll('\u017f', 's');
}
