/** The text without the slashes at its end; a path that is nothing but slashes keeps one. Linear in its length. */
export function withoutTrailingSlashes(text: string, kept: 0 | 1 = 0): string {
  let end = text.length;
  while (end > kept && text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}
