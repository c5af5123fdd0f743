import { credentialName } from '../src/providers/systemd-creds.ts';
import type { Contest, NamedOpponent } from './contest.ts';
import { EXPECTED_AUTH, type FileStore } from './file-store.ts';
import { answerOf, type Contestant } from './process.ts';

/** The programs that are compared. */
export interface FileContestants {
  /** Our executable. */
  readonly ours: string;
  /** Another one; it reads the plain file in each row, as it knows no other. */
  readonly baseline?: string;
  /** The least that a program of our runtime does to answer. */
  readonly answer: Contestant;
}

/** A way to keep the credential. */
interface Row {
  readonly title: string;
  readonly root: string;
  /** The largest good ratio of wall times to the baseline. */
  readonly wallTime?: number;
  /** What no answer can be quicker than. */
  readonly floor: NamedOpponent;
}

/** The file provider's rows; that of an encrypted file where there is one. */
export function* fileContests(
  contestants: FileContestants,
  store: FileStore,
  runs: number,
): Generator<Contest> {
  const { request } = store;
  for (const { title, root, wallTime, floor } of rowsOf(contestants, store)) {
    const command = [contestants.ours, '--credroot', root, '--helper-dir', store.helperDir];
    const ours = checked({ command }, request);
    const opponents = [...baselineOf(contestants, store, wallTime), floor];
    yield { title, runs, request, ours, opponents };
  }
}

function rowsOf({ answer }: FileContestants, store: FileStore): readonly Row[] {
  const bars = { wallTime: 1.5, peakMemory: 1.3 };
  const floor = { name: 'answer alone', contestant: checked(answer, store.request), bars };
  const plain = { title: 'plain file', root: store.plainRoot, wallTime: 0.4, floor };
  const helper = {
    title: 'helper',
    root: store.helperRoot,
    floor: programAlone('helper alone', [store.helper, 'get']),
  };
  if (!store.isEncrypted) return [plain, helper];
  const decrypt = ['systemd-creds', 'decrypt', `--name=${credentialName(store.scope)}`];
  const encrypted = {
    title: 'encrypted file',
    root: store.encryptedRoot,
    floor: programAlone('systemd-creds alone', [...decrypt, store.encryptedFile, '-']),
  };
  return [plain, encrypted, helper];
}

function programAlone(name: string, command: readonly string[]): NamedOpponent {
  return { name, contestant: { command }, bars: {} };
}

function baselineOf(
  { baseline }: FileContestants,
  { plainRoot, request }: FileStore,
  wallTime: number | undefined,
): NamedOpponent[] {
  if (baseline === undefined) return [];
  const contestant = checked({ command: [baseline, '--credroot', plainRoot] }, request);
  return [{ name: 'baseline', contestant, bars: wallTime === undefined ? {} : { wallTime } }];
}

/** A program that answers something else would be quick for nothing. Throws then. */
function checked(contestant: Contestant, request: string): Contestant {
  const { auth } = JSON.parse(answerOf(contestant, request));
  if (Bun.deepEquals(auth, EXPECTED_AUTH)) return contestant;
  throw new Error(`${contestant.command.join(' ')} does not answer with the stored credential`);
}
