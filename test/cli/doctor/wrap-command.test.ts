import { expect, test } from 'bun:test';
import { wrapCommand } from '../../../src/cli/doctor/wrap-command.ts';

/** What a shell hands to a program. */
function words(command: string): string {
  const { stdout, exitCode } = Bun.spawnSync(['sh', '-c', command]);
  expect(exitCode).toBe(0);
  return stdout.toString();
}

const LONG = `/${'directory/'.repeat(20)}file`;
const COMMANDS: readonly string[] = [
  'printf %s short',
  "printf '<%s>' one two 'three and four' \"five and six\" seven eight nine ten eleven twelve",
  `printf '<%s>' ${LONG} after`,
  `printf '<%s>' '${LONG} with blanks ${LONG}' after`,
  `printf '<%s>' "${LONG} with \\" quotes ${LONG}" after`,
  `printf '<%s>' ${'a\\ '.repeat(60)}b`,
  `printf '<%s>' ${"'it'\\''s'".repeat(30)}`,
  `printf '<%s>' ${LONG} | sed 's/directory/d/g' && echo ${LONG}`,
];

test.each(COMMANDS)('%s means the same in lines', (command) => {
  for (const width of [30, 47, 80]) {
    const lines = wrapCommand(command, width, '      ');
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    expect(words(lines.join('\n'))).toBe(words(command));
  }
});

test('a command that fits stays in one line', () => {
  expect(wrapCommand('chmod 0700 /etc/crio/auth', 80, '  ')).toEqual([
    '  chmod 0700 /etc/crio/auth',
  ]);
});
