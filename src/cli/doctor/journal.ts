import { existsSync } from 'node:fs';
import { plain } from '../../diagnostics/plain.ts';
import { shellWord } from '../../diagnostics/shell-word.ts';
import { type JournalLine, journalArguments, journalLines } from '../../node/plugin-journal.ts';
import { MIRROR_PROVIDER } from '../../platform/overlay.ts';
import { GENERIC_PROVIDER } from '../../platform/provider-entry.ts';
import { type Outcomes, ok, unknown, warning } from './check.ts';
import type { ProgramRun } from './machine.ts';
import type { NodeCheck } from './node-check.ts';
import type { NodeWorld } from './node-world.ts';

/** The last failures that our plugins have told the journal of. */
export const journal: NodeCheck = { id: 'journal', look };

const PLUGINS: readonly string[] = [MIRROR_PROVIDER, GENERIC_PROVIDER];
const MOST = 3;
/** Where a journal that outlives a boot is, and one that does not. */
const DIRECTORIES: readonly string[] = ['/var/log/journal', '/run/log/journal'];

async function look(world: NodeWorld): Promise<Outcomes> {
  const directory = world.machine === undefined ? directoryIn(world) : undefined;
  if (world.machine === undefined && directory === undefined) {
    return unknown(`there is no journal in ${DIRECTORIES.join(' or ')}`);
  }
  const told = await world.run('journalctl', ...journalArguments(PLUGINS, MOST, directory));
  const problem = problemOf(told);
  const lines = 'stdout' in told ? journalLines(told.stdout) : [];
  if (lines.length > 0) return lines.map((line) => failure(line, directory));
  if (problem !== undefined) {
    return unknown(`the journal cannot be read: ${problem}`, { change: 'run this as root' });
  }
  return ok(`no failure of our plugins ${directory === undefined ? 'within a day' : 'is kept'}`);
}

function directoryIn({ tree }: NodeWorld): string | undefined {
  return DIRECTORIES.map((path) => tree.locate(path)).find((place) => existsSync(place));
}

/** Whoever may not see others' entries is told so on standard error. */
function problemOf(told: ProgramRun): string | undefined {
  if ('problem' in told) return told.problem;
  const [first = ''] = told.stderr.trim().split('\n');
  return first === '' ? undefined : plain(first);
}

function failure({ identifier, at, text }: JournalLine, directory: string | undefined) {
  const time = new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
  const place = directory === undefined ? '' : ` --directory=${shellWord(directory)}`;
  const before = new Date(at - 10_000).toISOString().slice(0, 19).replace('T', ' ');
  return warning(`${plain(identifier)} failed at ${time}: ${sentence(text)}`, {
    command: `journalctl${place} --since='${before} UTC' SYSLOG_IDENTIFIER=${shellWord(identifier)}`,
  });
}

/** A sentence of ours is printed as it is; one that holds anything odd, quoted. */
function sentence(text: string): string {
  return /^[\x20-\x7e]{1,300}$/.test(text) ? text : plain(text);
}
