import { describe, expect, test } from 'bun:test';
import { chmodSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { crioRegistries } from '../../../src/cli/doctor/crio-registries.ts';
import type { ProgramRun } from '../../../src/cli/doctor/machine.ts';
import { findingIn, healthyNode, look, machine, programs, service } from '../../support/doctor.ts';
import { writeNodeFile } from '../../support/node-trees.ts';

const CONF = '/etc/crio/crio.conf.d/10-crio.conf';
const MIRRORS = '/etc/containers/registries.conf';

describe('crio-registries', () => {
  const STARTED = Date.now() - 3_600_000;
  const RELOAD = { command: 'systemctl reload crio' };
  const crio = { ...service(9), startedAt: STARTED };
  const running = { machine: machine({ crio: [crio] }) };
  const journal = (at: number) =>
    `${JSON.stringify({ MESSAGE: 'Applied new registry configuration: …', _COMM: 'crio', __REALTIME_TIMESTAMP: String(at * 1000) })}\n`;
  const noEntry: ProgramRun = { code: 1, stdout: '-- No entries --\n', stderr: '' };

  const state = (at: number) =>
    `StateChangeTimestamp=Sat ${new Date(at).toISOString().replace('T', ' ').replace('Z', '000 UTC')}\n`;

  test('that were read at the start are fine', async () => {
    using node = await healthyNode();
    const later = { ...crio, startedAt: Date.now() + 60_000 };
    const found = await look(node.path, crioRegistries, { machine: machine({ crio: [later] }) });
    expect(found).toMatchObject([
      { verdict: 'ok', text: 'CRI-O (process 9) has read registries.conf at its start' },
    ]);
  });

  test('that were changed since are told, and fine after the command that is told', async () => {
    using node = await healthyNode();
    const before = { systemctl: state(STARTED), journalctl: noEntry };
    const [found] = await look(node.path, crioRegistries, { ...running, run: programs(before) });
    expect(found).toMatchObject({ verdict: 'broken', remedy: RELOAD });
    expect(found?.text).toMatch(
      /^CRI-O has not read registries\.conf anew: \/etc\/containers\S* was changed at \S+Z, after CRI-O's start, and it was not reloaded$/,
    );
    const reloaded = { systemctl: state(Date.now() + 1_000), journalctl: noEntry };
    const after = await look(node.path, crioRegistries, { ...running, run: programs(reloaded) });
    findingIn(after, { verdict: 'ok', text: 'CRI-O has read registries.conf at its reload of' });
  });

  test('that were read after a signal by hand are fine: the journal tells', async () => {
    using node = await healthyNode();
    const asked: string[][] = [];
    const run = programs(
      { systemctl: state(STARTED), journalctl: journal(Date.now() + 1_000) },
      asked,
    );
    findingIn(await look(node.path, crioRegistries, { ...running, run }), {
      verdict: 'ok',
      text: 'at its reload of',
    });
    expect(asked[1]).toContain('_PID=9');
  });

  test.each<[string, string | undefined, ProgramRun, string]>([
    [
      'has no journal',
      undefined,
      { problem: 'journalctl cannot be run (ENOENT)' },
      'journalctl cannot be run',
    ],
    [
      'may not read the journal',
      undefined,
      { code: 1, stdout: '', stderr: 'Hint: …\n' },
      'the journal cannot be read',
    ],
    [
      'has a CRI-O that says little',
      '[crio.runtime]\nlog_level = "warn"\n',
      noEntry,
      'CRI-O logs nothing of it at level warn',
    ],
  ])('nothing is claimed where one %s', async (_, conf, journalctl, why) => {
    using node = await healthyNode(
      'kubeadm',
      conf === undefined ? {} : { '/etc/crio/crio.conf': conf },
    );
    const run = programs({ systemctl: { problem: 'no' }, journalctl });
    const found = findingIn(await look(node.path, crioRegistries, { ...running, run }), {
      verdict: 'unknown',
      text: why,
    });
    expect(found.remedy).toEqual(RELOAD);
  });

  test('nothing is claimed where only names or modes may have changed', async () => {
    using node = await healthyNode();
    const old = new Date(STARTED - 60_000);
    for (const path of [MIRRORS, '/etc/containers']) utimesSync(join(node.path, path), old, old);
    chmodSync(join(node.path, MIRRORS), 0o600);
    const run = programs({ systemctl: state(STARTED), journalctl: noEntry });
    findingIn(await look(node.path, crioRegistries, { ...running, run }), {
      verdict: 'unknown',
      text: 'its content may be what it was',
    });
  });

  test('a CRI-O that watches drop-ins reads them by itself, but not the main file', async () => {
    using node = await healthyNode('kubeadm', {
      [CONF]: '[crio.image]\nauto_reload_registries = true\n',
    });
    const run = programs({ systemctl: state(STARTED), journalctl: noEntry });
    findingIn(await look(node.path, crioRegistries, { ...running, run }), {
      verdict: 'broken',
      text: 'anew',
    });
    rmSync(join(node.path, MIRRORS));
    writeNodeFile(node.path, '/etc/containers/registries.conf.d/x.conf', '');
    findingIn(await look(node.path, crioRegistries, { ...running, run }), {
      verdict: 'ok',
      text: 'CRI-O (process 9) reads /etc/containers/registries.conf.d at each change',
    });
  });

  test('a CRI-O that does not run, or runs several times, or hides its start', async () => {
    using node = await healthyNode();
    expect(await look(node.path, crioRegistries, { machine: machine({}) })).toMatchObject([
      {
        verdict: 'broken',
        text: 'CRI-O does not run',
        remedy: { command: 'systemctl restart crio.service' },
      },
    ]);
    const blind = { machine: { ...machine({}), seesAll: false } };
    expect(await look(node.path, crioRegistries, blind)).toMatchObject([{ verdict: 'unknown' }]);
    const several = { machine: machine({ crio: [crio, crio] }) };
    expect(await look(node.path, crioRegistries, several)).toMatchObject([{ verdict: 'unknown' }]);
    const hidden = { machine: machine({ crio: [{ ...crio, startedAt: undefined }] }) };
    expect(await look(node.path, crioRegistries, hidden)).toMatchObject([{ verdict: 'unknown' }]);
  });
});
