import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { writeFiles } from '../registries/conf-files.ts';
import { type Finished, run } from '../support/real.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const MAIN = new URL('../../src/bin/main.ts', import.meta.url).pathname;
const SLOW_MACHINE_MS = 60_000;

const CONF = `unqualified-search-registries = ["quay.io"]

[[registry]]
location = "docker.io"

[[registry.mirror]]
location = "mirror.test:5000/hub"
insecure = true
`;

interface Question {
  readonly image: string;
  readonly options?: readonly string[];
  readonly conf?: string;
}

/** Runs the command in a directory of its own; its path is `.` in what comes back. */
async function resolve({ image, options = [], conf = CONF }: Question): Promise<Finished> {
  using directory = temporaryDirectory();
  writeFiles(directory.path, {
    'r.conf': conf,
    'd/10.conf': '[[registry]]\nlocation = "x.test"\n',
  });
  const paths = [
    ...['--registries-conf', join(directory.path, 'r.conf')],
    ...['--registries-conf-dir', join(directory.path, 'd')],
  ];
  const command = [process.execPath, MAIN, 'registries', 'resolve', ...paths, ...options];
  const { code, stdout, stderr } = await run([...command, image], { home: directory.path });
  const relative = (text: string) => text.replaceAll(directory.path, '.');
  return { code, stdout: relative(stdout), stderr: relative(stderr) };
}

function check(title: string, action: () => Promise<void>): void {
  test(title, action, SLOW_MACHINE_MS);
}

describe('pullkey registries resolve', () => {
  check('prints the answer as JSON', async () => {
    const { code, stdout, stderr } = await resolve({ image: 'nginx:1', options: ['-o', 'json'] });
    expect(JSON.parse(stdout)).toEqual({
      error: null,
      reference: 'docker.io/library/nginx:1',
      registry: {
        prefix: 'docker.io',
        location: 'docker.io',
        blocked: false,
        insecure: false,
        mirrorByDigestOnly: false,
        mirrors: [{ location: 'mirror.test:5000/hub', insecure: true, pullFromMirror: '' }],
      },
      pullSources: [
        {
          reference: 'mirror.test:5000/hub/library/nginx:1',
          location: 'mirror.test:5000/hub',
          insecure: true,
        },
        { reference: 'docker.io/library/nginx:1', location: 'docker.io', insecure: false },
      ],
      config: {
        unqualifiedSearchRegistries: ['quay.io'],
        unqualifiedSearchRegistriesOrigin: './r.conf',
      },
    });
    expect([code, stderr]).toEqual([0, '']);
  });

  check('prints a short text for people', async () => {
    expect(await resolve({ image: 'nginx' })).toEqual({
      code: 0,
      stdout: `image     docker.io/library/nginx
registry  docker.io (./r.conf:3)
mirror    mirror.test:5000/hub/library/nginx (insecure)
primary   docker.io/library/nginx
`,
      stderr: '',
    });
  });

  check('says where an entry of a drop-in stands, or that there is none', async () => {
    expect((await resolve({ image: 'x.test/a' })).stdout).toContain('x.test (./d/10.conf:1)');
    const other = await resolve({ image: 'y.test/a' });
    expect(other.stdout).toContain('none matches; the image is pulled from where its name says');
  });

  check('says why nothing can be pulled, and succeeds', async () => {
    const entry = '[[registry]]\nprefix = "a.test"\nlocation = "B"\n';
    const bad = await resolve({ image: 'a.test/x', conf: entry });
    expect(bad.code).toBe(0);
    expect(bad.stdout).toContain('error     nothing is pulled: rewriting reference: ');
    const blocked = await resolve({ image: 'a.test/x', conf: `${entry}blocked = true\n` });
    expect(blocked.stdout).toContain('blocked   nothing is pulled from this registry');
    const image = await resolve({ image: '-a.test/X', options: ['--'] });
    expect(image.code).toBe(0);
    expect(image.stdout).toContain('"-a.test/X" is no image reference: invalid reference format');
  });

  check('fails with file and line where loading fails', async () => {
    const conf = '[[registry]]\nlocation = "https://a.test"\n';
    const message =
      './r.conf:2:1: location "https://a.test" has a scheme; write it without http:// or https://';
    const failed = await resolve({ image: 'nginx', conf });
    expect(failed).toEqual({ code: 1, stdout: '', stderr: `pullkey: ${message}\n` });
    const json = await resolve({ image: 'nginx', conf, options: ['-o', 'json'] });
    expect(json).toMatchObject({ code: 1, stderr: `pullkey: ${message}\n` });
    expect(JSON.parse(json.stdout)).toEqual({
      error: message,
      errorClass: 'invalid-registries',
      reference: 'docker.io/library/nginx',
    });
  });

  check('names the formats where another one is asked for', async () => {
    const { code, stderr } = await resolve({ image: 'nginx', options: ['-o', 'yaml'] });
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are text, json.');
  });
});
