/** A place in a text file as editors count: both from 1, the column in characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The line and column of an offset (in UTF-16 units) in a text. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return {
    line: before.split('\n').length,
    column: [...before.slice(lineStart)].length + 1,
  };
}
