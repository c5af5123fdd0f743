import { positionAt } from '../diagnostics/position.ts';
import type { DocumentNode } from './document-tree.ts';
import { goQuote } from './go-quote.ts';
import { repeatedFields } from './go-struct.ts';

/** Every repetition of a key, as Go's YAML library tells it: with the line of the value. */
export function yamlRepetitions(root: DocumentNode, text: string): readonly string[] {
  return repeatedFields(root).map(({ name, value }) => {
    const { line } = positionAt(text, value.offset);
    return `line ${line}: key ${goQuote(name)} already set in map`;
  });
}

/** The same in one message, as strict decoding has it; none without repetitions. */
export function strictYamlErrors(repetitions: readonly string[]): readonly string[] {
  if (repetitions.length === 0) return [];
  return [['yaml: unmarshal errors:', ...repetitions.map((one) => `  ${one}`)].join('\n')];
}
