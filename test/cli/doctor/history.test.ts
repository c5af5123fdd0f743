import { describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { journal } from '../../../src/cli/doctor/journal.ts';
import type { ProgramRun } from '../../../src/cli/doctor/machine.ts';
import { metrics } from '../../../src/cli/doctor/plugin-metrics.ts';
import {
  findingIn,
  healthyNode,
  look,
  machine,
  programs,
  runRemedy,
  service,
} from '../../support/doctor.ts';
import { Journald, journaldTest } from '../../support/journald.ts';

describe('plugin-metrics', () => {
  const PLUGIN = '{plugin_name="crio-credential-provider"}';
  const DURATION = 'kubelet_credential_provider_plugin_duration';
  const counted = (errors: number, runs: number, seconds: number) => `# HELP x
${DURATION}_bucket{plugin_name="crio-credential-provider",le="0.1"} 1
${DURATION}_sum${PLUGIN} ${seconds}
${DURATION}_count${PLUGIN} ${runs}
${DURATION}_count{plugin_name="ecr-credential-provider"} 7
kubelet_credential_provider_plugin_errors_total${PLUGIN} ${errors}
kubelet_credential_provider_plugin_errors_total{plugin_name="ecr-credential-provider"} 7
`;
  const surroundings = (text: string) => ({
    machine: machine({ kubelet: [service(7)] }, { text }),
  });

  test('failures are told with the command that shows them', async () => {
    using node = await healthyNode();
    expect(await look(node.path, metrics, surroundings(counted(2, 10, 1)))).toEqual([
      {
        check: 'plugin-metrics',
        verdict: 'warning',
        text: "2 of 10 runs of crio-credential-provider since the kubelet's start failed, and their pulls went on without credentials",
        remedy: {
          command:
            'journalctl SYSLOG_IDENTIFIER=crio-credential-provider --priority=err --lines=20',
        },
      },
    ]);
  });

  test('slow runs are told', async () => {
    using node = await healthyNode();
    findingIn(await look(node.path, metrics, surroundings(counted(0, 2, 11))), {
      verdict: 'warning',
      text: "2 runs of crio-credential-provider since the kubelet's start took 5.50 s each",
    });
  });

  test.each([
    [
      counted(0, 1, 0.011),
      "1 run of crio-credential-provider since the kubelet's start, 0.01 s each, none failed",
    ],
    ['', 'the kubelet has run none of our plugins since its start'],
  ])('all else is fine, %#', async (text, expected) => {
    using node = await healthyNode();
    expect(await look(node.path, metrics, surroundings(text))).toMatchObject([
      { verdict: 'ok', text: expected },
    ]);
  });

  test('a kubelet that does not tell them', async () => {
    using node = await healthyNode();
    const silent = machine({ kubelet: [service(7)] }, { problem: 'it answers with 403' });
    findingIn(await look(node.path, metrics, { machine: silent }), {
      verdict: 'unknown',
      text: "the kubelet's metrics cannot be read: it answers with 403",
    });
    expect(await look(node.path, metrics, { machine: machine({}) })).toEqual([]);
  });

  test('are asked for at the port of the kubelet’s configuration', async () => {
    using node = await healthyNode();
    writeFileSync(join(node.path, '/var/lib/kubelet/config.yaml'), 'port: 10251\n');
    const asked: string[] = [];
    const kubelet = service(7, ['--config=/var/lib/kubelet/config.yaml']);
    const asking = {
      seesAll: true,
      services: () => [kubelet],
      metrics: async (url: string) => {
        asked.push(url);
        return { text: '' };
      },
    };
    await look(node.path, metrics, { machine: asking });
    expect(asked).toEqual(['https://127.0.0.1:10251/metrics']);
  });
});

describe('journal', () => {
  const AT = Date.parse('2026-01-02T03:04:05Z');
  const entry = (fields: object) =>
    `${JSON.stringify({ __REALTIME_TIMESTAMP: String(AT * 1000), ...fields })}\n`;

  test('the last failures are told with the command that shows what was around them', async () => {
    using node = await healthyNode();
    const asked: string[][] = [];
    const ours = { SYSLOG_IDENTIFIER: 'crio-credential-provider', MESSAGE: 'cannot reach it' };
    const originals = { _COMM: 'crio-credential', MESSAGE: [0x61, 0xc3, 0xa4, 0x0a] };
    const run = programs({ journalctl: entry(ours) + entry(originals) }, asked);
    expect(await look(node.path, journal, { machine: machine({}), run })).toEqual([
      {
        check: 'journal',
        verdict: 'warning',
        text: 'crio-credential-provider failed at 2026-01-02T03:04:05Z: cannot reach it',
        remedy: {
          command:
            "journalctl --since='2026-01-02 03:03:55 UTC' SYSLOG_IDENTIFIER=crio-credential-provider",
        },
      },
      {
        check: 'journal',
        verdict: 'warning',
        text: 'crio-credential failed at 2026-01-02T03:04:05Z: "aä\\n"',
        remedy: expect.anything(),
      },
    ]);
    expect(asked).toEqual([
      [
        'journalctl',
        '--no-pager',
        '--output=json',
        '--priority=err',
        '--lines=3',
        '--since=-1day',
        'SYSLOG_IDENTIFIER=crio-credential-provider',
        '+',
        '_COMM=crio-credential',
        '+',
        'SYSLOG_IDENTIFIER=generic-credential-provider',
        '+',
        '_COMM=generic-credent',
      ],
    ]);
  });

  test.each<[ProgramRun, 'ok' | 'unknown', string]>([
    [{ code: 0, stdout: '', stderr: '' }, 'ok', 'no failure of our plugins within a day'],
    [
      { code: 1, stdout: '', stderr: 'Hint: You are currently not seeing messages.\n' },
      'unknown',
      'not seeing messages',
    ],
    [{ problem: 'journalctl cannot be run (ENOENT)' }, 'unknown', 'cannot be run'],
  ])('without any, %#', async (journalctl, verdict, text) => {
    using node = await healthyNode();
    const run = programs({ journalctl });
    findingIn(await look(node.path, journal, { machine: machine({}), run }), { verdict, text });
  });

  test('of another root is read where it has one', async () => {
    using node = await healthyNode();
    findingIn(await look(node.path, journal), { verdict: 'unknown', text: 'there is no journal' });
    mkdirSync(join(node.path, '/var/log/journal'), { recursive: true });
    const asked: string[][] = [];
    findingIn(await look(node.path, journal, { run: programs({ journalctl: '' }, asked) }), {
      verdict: 'ok',
      text: 'no failure of our plugins is kept',
    });
    expect(asked[0]).toContain(`--directory=${node.path}/var/log/journal`);
  });

  journaldTest(
    'a real one of another root tells what failed, and so does the command',
    async () => {
      using node = await healthyNode();
      const directory = join(node.path, '/var/log/journal');
      mkdirSync(directory, { recursive: true });
      await using journald = await Journald.start();
      const log = (priority: string, text: string): string[] => [
        ...journald.inside,
        ...['systemd-cat', '--identifier=crio-credential-provider', `--priority=${priority}`],
        ...['printf', text],
      ];
      for (const command of [log('err', 'no such server'), log('info', 'all is well')]) {
        expect(Bun.spawnSync(command).exitCode).toBe(0);
      }
      const copy = `for i in $(seq 100); do journalctl --sync; journalctl -q -p err --output=cat | grep -q 'no such server' && break; sleep 0.1; done; cp -r /run/log/journal/* "$1"`;
      Bun.spawnSync([...journald.inside, 'sh', '-c', copy, 'sh', directory]);
      const found = await look(node.path, journal);
      const { remedy } = findingIn(found, {
        verdict: 'warning',
        text: /failed at \S+Z: no such server$/,
      });
      expect(found).toHaveLength(1);
      if (remedy === undefined || !('command' in remedy)) throw new Error('no command is told');
      runRemedy(`${remedy.command} --output=cat | grep -q 'no such server'`);
    },
  );
});
