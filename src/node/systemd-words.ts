/** What a backslash and a letter mean; other escapes stay as they are. */
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

const WORD = /(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s\\])+/gs;
const QUOTED_OR_ESCAPED = /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gs;

/**
 * Splits a value of a unit file into words: blanks separate, quotes hold together, a backslash escapes.
 * Source of the rule: systemd.syntax(7), "Quoting".
 */
export function splitWords(text: string): readonly string[] {
  return (text.match(WORD) ?? []).map(unquoted);
}

function unquoted(word: string): string {
  return word.replace(
    QUOTED_OR_ESCAPED,
    (_, double?: string, single?: string, escaped?: string) => {
      if (double !== undefined)
        return double.replace(/\\(.)/gs, (__, one: string) => unescaped(one));
      return single ?? unescaped(escaped ?? '');
    },
  );
}

function unescaped(letter: string): string {
  return ESCAPES[letter] ?? `\\${letter}`;
}

/**
 * A command line with its variables replaced: `$NAME` as a word of its own becomes words, `${NAME}` is
 * replaced where it stands. Source of the rule: systemd.service(5), "Command lines".
 */
export function expandCommand(
  command: string,
  environment: ReadonlyMap<string, string>,
): readonly string[] {
  return splitWords(command).flatMap((word) => {
    const alone = /^\$(\w+)$/.exec(word)?.[1];
    if (alone !== undefined) return splitWords(environment.get(alone) ?? '');
    return [
      word.replace(/\$\{(\w+)\}|\$\$/g, (_, name?: string) =>
        name === undefined ? '$' : (environment.get(name) ?? ''),
      ),
    ];
  });
}
