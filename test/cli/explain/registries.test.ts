import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { registriesPart } from '../../../src/cli/explain/registries-part.ts';
import { findRegistry } from '../../../src/registries/find.ts';
import { loadRegistries } from '../../../src/registries/load.ts';
import { writeFiles } from '../../registries/conf-files.ts';
import { type Explained, explain } from '../../support/explain.ts';
import { auth, mirrorConf, TestNode } from '../../support/node.ts';
import { withTemporaryDirectory } from '../../support/temporary-directory.ts';

const HUB = 'docker.io/library/nginx';
const DIGEST = `sha256:${'a'.repeat(64)}`;

let node: TestNode;

beforeAll(async () => {
  node = await TestNode.start();
  node.addNamespace('team-a', {
    'mirror.test': auth('me', 'secret'),
    'other.test': auth('me', 'secret'),
  });
  node.token('team-a');
});
afterAll(() => node[Symbol.asyncDispose]());
beforeEach(() => rmSync(node.dropInDir, { recursive: true, force: true }));

/** Explains an image where registries.conf has this text. */
async function explained(conf: string, image = HUB): Promise<Explained> {
  writeFileSync(node.registriesConf, conf);
  return explain(node, [image, '-n', 'team-a'], { plugin: { matchImages: ['*.*', '*.*.*'] } });
}

function entry(fields: string, ...mirrors: readonly string[]): string {
  return `[[registry]]\n${fields}\n${mirrors.map((one) => `[[registry.mirror]]\n${one}\n`).join('')}`;
}

describe('the entry that applies', () => {
  test('is told with file and line, mirrors and remap', async () => {
    const conf = `# one\n${entry('prefix = "docker.io"\nlocation = "x.test/hub"', 'location = "mirror.test"', 'location = "other.test"')}`;
    expect((await explained(conf)).sentences).toContain(
      '✓ entry docker.io (/registries.conf:2) applies: 2 mirrors, remapped to x.test/hub',
    );
  });

  test('may be a drop-in’s, which replaces another as a whole', async () => {
    node.writeDropIn('10-team.conf', `\n${mirrorConf('docker.io', 'other.test')}`);
    const { sentences } = await explained(mirrorConf('docker.io', 'mirror.test'));
    expect(sentences).toContain(
      '✓ entry docker.io (/registries.conf.d/10-team.conf:2) applies: 1 mirror',
    );
    expect(sentences).toContain(
      '! entry docker.io (/registries.conf:1) is replaced as a whole by /registries.conf.d/10-team.conf:2',
    );
  });

  test('is the first of its file', async () => {
    const conf = mirrorConf('docker.io', 'mirror.test') + mirrorConf('docker.io', 'mirror.test');
    expect((await explained(conf)).sentences).toContain(
      '! a further entry docker.io in /registries.conf does not count: the first one does',
    );
  });

  test('inherits nothing of a less specific one', async () => {
    const conf =
      mirrorConf('docker.io', 'mirror.test') + mirrorConf('docker.io/library', 'other.test');
    expect((await explained(conf)).sentences).toContain(
      '! entry docker.io (/registries.conf:1) is less specific: nothing of it applies, its mirrors neither',
    );
  });

  test('may block the image', async () => {
    const { code, sentences } = await explained(
      entry('location = "docker.io"\nblocked = true', 'location = "mirror.test"'),
    );
    const text = '✗ entry docker.io (/registries.conf:1) blocks the image: nothing is pulled';
    expect(sentences.filter((one) => one === text)).toHaveLength(2);
    expect(sentences).toContain('✗ mirror.test/library/nginx:latest: blocked by the entry');
    expect(sentences).toContain('✗ none: the registry is blocked');
    expect(code).toBe(1);
  });
});

describe('where no entry applies', () => {
  test('the image is pulled from where its name says, and nothing is wrong', async () => {
    const { code, sentences } = await explained(mirrorConf('quay.io', 'mirror.test'));
    expect(sentences).toContain('! no entry applies: the image is pulled from where its name says');
    expect(sentences).toContain(
      '✓ the plugin has nothing to do: no mirror or remap applies to the image',
    );
    expect(code).toBe(0);
  });

  test.each<[string, string, string]>([
    ['upper case', 'Docker.io', 'is compared as text; write docker.io'],
    ['an alias', 'index.docker.io', 'is compared as text; write docker.io'],
    [
      'another alias',
      'hub.docker.com',
      'is no name of Docker Hub that CRI-O looks up; write docker.io',
    ],
    ['a port', 'docker.io:443', 'has port 443, the endpoint none; write docker.io'],
    ['a path', 'docker.io/libra', 'ends within a path component; write docker.io/library'],
  ])('an entry that nearly does is told: %s', async (_, location, why) => {
    const { code, sentences } = await explained(mirrorConf(location, 'mirror.test'));
    expect(sentences).toContain(`! entry ${location} (/registries.conf:1) ${why}`);
    expect(code).toBe(0);
  });

  test('as there is no file at all', () => {
    const none = { mainFile: '/none', dropInDirs: [], missingMainFile: 'ignore' } as const;
    const plan = {
      apiVersion: '',
      image: HUB,
      outcome: 'no-registries-conf',
      endpoints: [],
    } as const;
    const { findings } = registriesPart({ ...plan, registries: loadRegistries(none) }, HUB);
    expect(findings.map(({ mark, text }) => `${mark}: ${text}`)).toEqual([
      'note: there is none: every image is pulled from where its name says',
    ]);
  });

  test('as the entry leads nowhere else', async () => {
    const { code, sentences } = await explained(entry('location = "docker.io"'));
    expect(sentences).toContain('! none: the entry has no mirrors and leads nowhere else');
    expect(code).toBe(0);
  });
});

test('a registries.conf that cannot be loaded is told with line and column', async () => {
  const { code, sentences } = await explained('[[registry]]\nlocation = "https://docker.io"\n');
  const text =
    '✗ /registries.conf:2:1: location "https://docker.io" has a scheme; write it without http:// or https://';
  expect(sentences.filter((one) => one === text)).toHaveLength(2);
  expect(sentences).toContain('✗ none: the plugin fails');
  expect(code).toBe(1);
});

describe('a registries.conf that is named and not there is told:', () => {
  const NAMES =
    'names /registries.conf, which does not exist; correct the name, or leave the flag out';
  beforeEach(() => rmSync(node.registriesConf, { force: true }));

  test.each<[string, boolean, string]>([
    ['by the command line', false, `✗ --registries-conf ${NAMES}`],
    ['by the plugin’s entry', true, `✗ --registries-conf in the plugin’s args ${NAMES}`],
  ])('%s', async (_, flagsInArgs, text) => {
    const { code, sentences } = await explain(node, [HUB, '-n', 'team-a'], { flagsInArgs });
    // In its place, and as the result.
    expect(sentences.filter((one) => one.startsWith(text))).toHaveLength(2);
    expect(sentences.join('\n')).not.toContain('there is none');
    expect(sentences.join('\n')).not.toContain('the plugin has nothing to do');
    expect(code).toBe(1);
  });
  test('beside drop-ins, which the plugin goes by', async () => {
    node.writeDropIn('10-hub.conf', mirrorConf('docker.io', 'mirror.test'));
    const { code, sentences } = await explain(node, [HUB, '-n', 'team-a']);
    expect(sentences).toContain(
      '✓ entry docker.io (/registries.conf.d/10-hub.conf:1) applies: 1 mirror',
    );
    expect(sentences.at(-1)).toStartWith(`✗ --registries-conf ${NAMES}`);
    expect(code).toBe(1);
  });
});

test('a directory of drop-ins that is named and not there is told, and nothing is wrong', async () => {
  const { code, sentences } = await explained(mirrorConf('docker.io', 'mirror.test'));
  expect(sentences).toContain(
    '! --registries-conf-dir names /registries.conf.d, which does not exist',
  );
  expect(code).toBe(0);
});

test('a drop-in that another directory’s file masks is told', () => {
  withTemporaryDirectory((root) => {
    const text = mirrorConf('docker.io', 'mirror.test');
    writeFiles(root, { 'a/10.conf': text, 'b/10.conf': text });
    const registries = loadRegistries({
      mainFile: `${root}/none`,
      dropInDirs: [`${root}/a`, `${root}/b`],
      missingMainFile: 'ignore',
    });
    const plan = { apiVersion: '', image: HUB, outcome: 'write', endpoints: [] } as const;
    const registry = findRegistry(registries, HUB);
    const { findings } = registriesPart({ ...plan, registries, registry }, HUB);
    expect(findings.map(({ text }) => text.replaceAll(root, ''))).toEqual([
      'entry docker.io (/a/10.conf:1) applies: 1 mirror',
      '/b/10.conf is not read: /a/10.conf has its name',
    ]);
  });
});

describe('endpoints are told', () => {
  test('in CRI-O’s order, with the reference as rewritten', async () => {
    const { sentences } = await explained(
      entry(
        'prefix = "docker.io"\nlocation = "x.test/hub"',
        'location = "mirror.test/a"\ninsecure = true',
        'location = "other.test"',
      ),
      `${HUB}:1.27`,
    );
    const told = sentences.filter((one) => /^(endpoint|asked)/.test(one));
    expect(told).toEqual([
      'endpoint 1 of 3: mirror mirror.test/a',
      'asked for mirror.test/a/library/nginx:1.27 (insecure: any certificate, or plain HTTP)',
      'endpoint 2 of 3: mirror other.test',
      'asked for other.test/library/nginx:1.27',
      'endpoint 3 of 3: primary x.test/hub',
      'asked for x.test/hub/library/nginx:1.27',
    ]);
  });

  test('with what cannot be rewritten, which stops all of them', async () => {
    const { code, sentences } = await explained(
      entry('prefix = "docker.io"\nlocation = "NOHOST"', 'location = "mirror.test"'),
    );
    expect(sentences).toContain(
      '✗ mirror.test/library/nginx:latest: not asked, because NOHOST cannot be rewritten',
    );
    expect(sentences.at(-1)).toStartWith('✗ CRI-O can use no endpoint: mirror.test not asked');
    expect(code).toBe(1);
  });

  test.each<[string, string, string]>([
    [HUB, 'digest-only', ': not asked: it is for pulls by digest only'],
    [`${HUB}@${DIGEST}`, 'tag-only', ': not asked: it is for pulls by tag only'],
  ])('with the mirrors that %s does not go to', async (image, only, stop) => {
    const mirrors = [`location = "mirror.test"\npull-from-mirror = "${only}"`];
    const { code, sentences } = await explained(entry('location = "docker.io"', ...mirrors), image);
    expect(sentences.find((one) => one.includes('not asked'))).toEndWith(stop);
    expect(sentences).toContain('✓ CRI-O asks no mirror for this pull');
    expect(code).toBe(0);
  });

  test('with the location of a remap that has no mirrors', async () => {
    const conf = entry('prefix = "docker.io"\nlocation = "x.test"');
    const { code, sentences } = await explained(conf);
    expect(sentences).toContain('✗ no credential for the primary x.test');
    expect(code).toBe(1);
  });
});
