/** A command of a documentation page, and what the page says it prints. */
export interface DocumentedCommand {
  readonly line: number;
  readonly command: string;
  /** Lines; `…` stands for any of them, or for any part of one. */
  readonly output: readonly string[];
}

const BLOCK = /^( *)```console\n([\s\S]*?)^ *```$/gm;

/** The commands of a page's `console` blocks, which stand behind a `$` prompt, in order. */
export function documentedCommands(page: string): readonly DocumentedCommand[] {
  return [...page.matchAll(BLOCK)].flatMap((block) => {
    const [, indent = '', text = ''] = block;
    const firstLine = page.slice(0, block.index).split('\n').length + 1;
    const lines = text.split('\n').map((line) => line.slice(indent.length));
    return commandsOf(lines.slice(0, -1), firstLine);
  });
}

function commandsOf(lines: readonly string[], firstLine: number): readonly DocumentedCommand[] {
  const commands: { line: number; command: string; output: string[] }[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('$ ')) {
      commands.push({ line: firstLine + index, command: line.slice(2), output: [] });
    } else {
      commands.at(-1)?.output.push(line);
    }
  }
  return commands;
}

/** Whether a text consists of the documented lines, `…` being any lines. */
export function printsAsDocumented(text: string, output: readonly string[]): boolean {
  const pattern = output.map((line) =>
    line.trim() === '…' ? '(?:.*\n)*?' : `${literal(line).replaceAll('…', '.*')}\n`,
  );
  return new RegExp(`^${pattern.join('')}$`).test(text);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
