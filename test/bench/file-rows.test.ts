import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, writeFileSync } from 'node:fs';
import { fileContests } from '../../bench/file-rows.ts';
import { EXPECTED_AUTH, FileStore } from '../../bench/file-store.ts';
import { answerOf } from '../../bench/process.ts';
import { GENERIC_PLUGIN } from '../support/credential-store.ts';
import { systemdCredsTest } from '../support/systemd-creds.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

let store: FileStore;
let directory: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  store = new FileStore();
  directory = temporaryDirectory();
});
afterEach(() => {
  store[Symbol.dispose]();
  directory[Symbol.dispose]();
});

/** A program that answers with the given `auth`, whatever it is asked. */
function programAnswering(auth: unknown): string {
  const path = `${directory.path}/program`;
  writeFileSync(path, `#!/bin/sh\necho '${JSON.stringify({ auth })}'\n`);
  chmodSync(path, 0o755);
  return path;
}

function contests(ours = GENERIC_PLUGIN) {
  const baseline = programAnswering(EXPECTED_AUTH);
  return [...fileContests({ ours, baseline, answer: { command: [baseline] } }, store, 7)];
}

/** What each row compares with, and the bars. */
function opponentsByRow() {
  return contests().map(({ title, opponents }) => [title, opponents.map((one) => one.name)]);
}

describe('the rows of the file provider', () => {
  test('each compare with the baseline and with what no answer can do without', () =>
    expect(opponentsByRow()).toEqual([
      ['plain file', ['baseline', 'answer alone']],
      ['helper', ['baseline', 'helper alone']],
    ]));

  test('hold a plain file to its bars', () => {
    const [plain, ...others] = contests();
    const bars = { plain: plain?.opponents.map((one) => one.bars) };
    expect(bars).toEqual({ plain: [{ wallTime: 0.4 }, { wallTime: 1.5, peakMemory: 1.3 }] });
    expect(others.flatMap(({ opponents }) => opponents.map((one) => one.bars))).toEqual([{}, {}]);
  });

  test('ask ours for the credential in each way, by real files', () => {
    for (const { ours, request, runs } of contests()) {
      expect(JSON.parse(answerOf(ours, request)).auth).toEqual(EXPECTED_AUTH);
      expect(runs).toBe(7);
    }
  });

  test('refuse a program that answers something else', () => {
    const wrong = programAnswering({ 'registry.example.org': { username: 'x', password: '' } });
    const rows = fileContests({ ours: wrong, answer: { command: [wrong] } }, store, 1);
    expect(() => rows.next()).toThrow('does not answer with the stored credential');
  });

  systemdCredsTest('have one of an encrypted file where the machine can encrypt', async () => {
    await store.encrypt();
    expect(opponentsByRow()[1]).toEqual(['encrypted file', ['baseline', 'systemd-creds alone']]);
    const [, encrypted] = contests();
    const floor = encrypted?.opponents[1]?.contestant ?? { command: [] };
    expect(JSON.parse(answerOf(floor, store.request))).toEqual(
      EXPECTED_AUTH['registry.example.org'],
    );
  });
});
