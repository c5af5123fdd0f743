import { describe, expect, test } from 'bun:test';
import { type Finding, ok, unknown, VERDICTS } from '../../../src/cli/doctor/check.ts';
import { findingsJson } from '../../../src/cli/doctor/findings-json.ts';
import { findingsText } from '../../../src/cli/doctor/findings-text.ts';
import { runChecks } from '../../../src/cli/doctor/run-checks.ts';
import { Failure } from '../../../src/diagnostics/errors.ts';

const PATH = '/usr/libexec/kubelet-image-credential-provider-plugins/crio-credential-provider';
const FINDINGS: readonly Finding[] = [
  { check: 'disk', verdict: 'ok', text: 'there is room' },
  {
    check: 'executable',
    verdict: 'broken',
    text: `the kubelet cannot run the plugin: nobody may execute the file ${PATH}`,
    remedy: { command: `chmod 0755 ${PATH}` },
  },
  {
    check: 'crio-settings',
    verdict: 'warning',
    text: 'it takes auth files from elsewhere',
    remedy: {
      change: `write namespaced_auth_dir = "/etc/crio/auth" into crio.conf, or give the plugin another --auth-dir`,
    },
  },
  { check: 'journal', verdict: 'unknown', text: 'nobody keeps one' },
];

describe('as text', () => {
  test('a verdict is a word before its check, and remedies stand below', () => {
    expect(findingsText(FINDINGS, false)).toBe(`ok       disk: there is room
broken   executable: the kubelet cannot run the plugin: nobody may execute the
         file
         /usr/libexec/kubelet-image-credential-provider-plugins/crio-credential-
         provider
         run: chmod 0755 \\
${PATH}
warning  crio-settings: it takes auth files from elsewhere
         mend: write namespaced_auth_dir = "/etc/crio/auth" into crio.conf, or
         give the plugin another --auth-dir
unknown  journal: nobody keeps one

1 ok, 1 warning, 1 broken, 1 unknown
`);
  });

  test('no line is longer than 80 columns', () => {
    const lines = findingsText(FINDINGS, false).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test('nothing in a finding moves a terminal, or begins a line', () => {
    const odd = 'a\x1b[2Jb\nok       forged';
    const forged: Finding = { check: 'x', verdict: 'ok', text: odd, remedy: { command: odd } };
    const change: Finding = { check: 'y', verdict: 'ok', text: 'z', remedy: { change: odd } };
    const text = findingsText([forged, change], false);
    expect(text).not.toContain('\x1b');
    expect(text.match(/^ok /gm)).toHaveLength(2);
    expect(text.match(/a\ufffd\[2Jb\ufffdok/g)).toHaveLength(3);
  });

  test('colour says nothing that the words do not say', () => {
    const coloured = findingsText(FINDINGS, true);
    expect(coloured).toContain('\x1b[1;31mbroken\x1b[0m   executable');
    expect(coloured.replace(/\x1b\[[\d;]*m/g, '')).toBe(findingsText(FINDINGS, false));
    const colours = VERDICTS.map((verdict) => {
      const text = findingsText([{ check: 'x', verdict, text: 'x' }], true);
      return text.slice(0, text.indexOf('m') + 1);
    });
    expect(new Set(colours).size).toBe(VERDICTS.length);
  });
});

test('as JSON, each finding has its remedy or null, and ok is the exit code', () => {
  expect(JSON.parse(findingsJson(FINDINGS))).toEqual({
    ok: false,
    checks: FINDINGS.map((finding) => ({ remedy: null, ...finding })),
  });
  expect(JSON.parse(findingsJson(FINDINGS.slice(0, 1)))).toMatchObject({ ok: true });
});

describe('run', () => {
  test('in their order, with what each of them saw', async () => {
    const begun: string[] = [];
    const findings = await runChecks<number>(
      [
        { id: 'one', look: (world) => ok(`world ${world}`) },
        { id: 'none', look: () => [] },
        { id: 'several', look: async () => [ok('a'), unknown('b')] },
      ],
      7,
      (id) => begun.push(id),
    );
    expect(findings).toEqual([
      { check: 'one', verdict: 'ok', text: 'world 7' },
      { check: 'several', verdict: 'ok', text: 'a' },
      { check: 'several', verdict: 'unknown', text: 'b' },
    ]);
    expect(begun).toEqual(['one', 'none', 'several']);
  });

  test('a check that cannot look hides no other one', async () => {
    const refused = Object.assign(new Error('EACCES'), { code: 'EACCES' });
    const findings = await runChecks(
      [
        { id: 'one', look: () => Promise.reject(new Failure('cannot read x; run this as root')) },
        {
          id: 'two',
          look: () => {
            throw refused;
          },
        },
        { id: 'three', look: () => ok('fine') },
      ],
      undefined,
    );
    expect(findings).toEqual([
      { check: 'one', verdict: 'unknown', text: 'cannot read x; run this as root' },
      {
        check: 'two',
        verdict: 'unknown',
        text: 'the system refuses to show it: permission denied (EACCES)',
        remedy: { change: 'run this as root' },
      },
      { check: 'three', verdict: 'ok', text: 'fine' },
    ]);
  });

  test('a defect is no finding', async () => {
    const defect = { id: 'one', look: () => Promise.reject(new TypeError('x')) };
    await expect(runChecks([defect], undefined)).rejects.toThrow(TypeError);
  });
});
