import { goQuote } from '../../src/kubelet/go-quote.ts';

/** What the recorded messages are made of. */
export type GoArgument = string | readonly string[];

/** A message as Go's fmt.Sprintf makes it of texts and lists of texts: %v, %s, %q and %%. */
export function goFormat(format: string, args: readonly GoArgument[]): string {
  const left = [...args];
  const message = format.replace(/%(.)/gu, (_, verb: string) => {
    if (verb === '%') return '%';
    const arg = left.shift();
    if (arg === undefined) return `%!${verb}(MISSING)`;
    return verb === 'q' ? printed(arg, goQuote) : printed(arg, String);
  });
  if (left.length === 0) return message;
  const extra = left.map(
    (arg) => `${typeof arg === 'string' ? 'string' : '[]string'}=${printed(arg, String)}`,
  );
  return `${message}%!(EXTRA ${extra.join(', ')})`;
}

function printed(arg: GoArgument, print: (text: string) => string): string {
  return typeof arg === 'string' ? print(arg) : `[${arg.map(print).join(' ')}]`;
}
