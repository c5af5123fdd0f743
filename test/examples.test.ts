import { describe, expect, test } from 'bun:test';
import { Glob } from 'bun';
import { renderExample, renderedExamples } from '../scripts/rendered-examples.ts';
import { judgeConfig } from '../src/kubelet/read-config.ts';

const ROOT = new URL('../', import.meta.url).pathname;
const EXAMPLES = renderedExamples();

describe('what is checked in is what the commands print', () => {
  test.each(EXAMPLES.map((example) => [example.path, example] as const))(
    '%s',
    async (path, example) => {
      expect(await Bun.file(ROOT + path).text()).toBe(renderExample(example));
    },
  );

  test('every file stands in a table, or is one of the inputs', () => {
    const found = [...new Glob('{deploy,examples}/**/*').scanSync(ROOT)].sort();
    const inputs = ['existing-providers.yaml', 'mirror-sets.yaml', 'registries.conf'];
    const known = [
      ...EXAMPLES.map(({ path }) => path),
      ...inputs.map((name) => `examples/${name}`),
      'deploy/README.md',
      'examples/README.md',
    ];
    expect(found).toEqual(known.sort());
  });
});

test.each(['credential-provider-config.yaml', 'merged-providers.yaml', 'existing-providers.yaml'])(
  'a kubelet accepts examples/%s',
  async (name) => {
    const bytes = await Bun.file(`${ROOT}examples/${name}`).bytes();
    expect(judgeConfig([{ path: name, bytes }])).toMatchObject({ ok: true, notes: [] });
  },
);
