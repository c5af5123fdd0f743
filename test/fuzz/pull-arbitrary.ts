import fc from 'fast-check';
import type { JsonObject } from '../../src/diagnostics/json.ts';
import type { ModelSecret } from '../support/credential-model.ts';
import { type ModelRegistry, modelEndpoints, modelName } from '../support/endpoint-model.ts';
import { anyJson, authEntry, auths, host, registryKey, repository } from './arbitraries.ts';

/** One pull: all that the plugin looks at, made up. */
export interface Pull {
  readonly image: string;
  readonly registries: readonly ModelRegistry[];
  readonly secrets: readonly ModelSecret[];
  readonly global: JsonObject;
}

/** How to write a key that fits a repository, or just does not. */
interface Recipe {
  readonly which: number;
  readonly depth: number;
  readonly change: (text: string) => string;
  readonly frame: readonly [before: string, after: string];
}

const CHANGES: readonly ((text: string) => string)[] = [
  ...Array<(text: string) => string>(8).fill((text) => text),
  (text) => text.slice(0, -1),
  (text) => `${text}x`,
  (text) => `${text}/v1`,
  (text) => `a.${text}`,
  (text) => text.toUpperCase(),
  (text) => text.replace(/^[^.:/]*/, '*'),
  (text) => text.replace(/^([^.:/])[^.:/]*/, '$1*'),
  (text) => text.replace(/^[^./]*\.[^./:]*/, '*'),
  (text) => text.replace(/^[^.:/]*/, '$&*$&'),
  (text) => text.replace(/:\d+/, ''),
  (text) => text.replace(/^[^:/]*/, '$&:5001'),
  (text) => text.replace(/^[^/]*/, '*.*'),
  (text) => text.replace(/^docker\.io/, 'index.docker.io'),
  (text) => text.replace(/^docker\.io/, 'registry-1.docker.io'),
];

const recipe: fc.Arbitrary<Recipe> = fc.record({
  which: fc.nat(5),
  depth: fc.nat(3),
  change: fc.constantFrom(...CHANGES),
  frame: fc.constantFrom(['', ''], ['', ''], ['https://', ''], ['http://', '/'], ['', '//']),
});

function written({ which, depth, change, frame }: Recipe, repositories: readonly string[]): string {
  const parts = (repositories[which % repositories.length] ?? '').split('/');
  return frame[0] + change(parts.slice(0, 1 + depth).join('/')) + frame[1];
}

const place = fc
  .tuple(host, fc.constantFrom('', '', '/hub', '/a/b', '/'))
  .map((parts) => parts.join(''));

const registryRecipe = fc.record({
  prefix: fc.oneof(
    { weight: 3, arbitrary: recipe },
    fc.constantFrom(undefined, '*.example', '*.io', '*.m.example'),
  ),
  location: place,
  mirrors: fc.array(place, { maxLength: 3 }),
});

const entryRecipe = fc.tuple(fc.oneof({ weight: 5, arbitrary: recipe }, registryKey), authEntry);

const secretRecipe = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  type: fc.constantFrom(...Array<string>(8).fill('kubernetes.io/dockerconfigjson'), 'Opaque'),
  content: fc.oneof(
    { weight: 8, arbitrary: fc.array(entryRecipe, { maxLength: 5 }) },
    anyJson.map((one) => JSON.stringify(one) ?? ''),
    fc.constantFrom('{"auths":', undefined),
  ),
});

/** Pulls whose registries and keys mostly have to do with their image. */
export const pull: fc.Arbitrary<Pull> = fc
  .record({
    image: repository,
    registries: fc.array(registryRecipe, { maxLength: 4 }),
    secrets: fc.array(secretRecipe, { maxLength: 4 }),
    global: fc.oneof(auths, fc.array(entryRecipe, { maxLength: 4 })),
  })
  .map(({ image, registries: recipes, secrets, global }) => {
    const name = modelName(image);
    const registries = recipes.map((one) => registryFrom(one, name));
    const repositories = [...modelEndpoints(registries, name), name];
    const authsFrom = (entries: readonly (readonly [Recipe | string, unknown])[]) =>
      Object.fromEntries(entries.map(([key, entry]) => [keyText(key, repositories), entry]));
    return {
      image,
      registries,
      secrets: secrets.map(({ content, ...secret }) => ({
        ...secret,
        data: dataOf(
          Array.isArray(content) ? JSON.stringify({ auths: authsFrom(content) }) : content,
        ),
      })),
      global: Array.isArray(global) ? authsFrom(global) : global,
    };
  });

function keyText(key: Recipe | string, repositories: readonly string[]): string {
  return typeof key === 'string' ? key : written(key, repositories);
}

function registryFrom(
  { prefix, ...rest }: { prefix: Recipe | string | undefined; location: string; mirrors: string[] },
  name: string,
): ModelRegistry {
  if (prefix === undefined) return rest;
  const text =
    typeof prefix === 'string' ? prefix : written({ ...prefix, frame: ['', ''] }, [name]);
  // registries.conf(5) refuses a wildcard with a port or path.
  return { ...rest, prefix: text.startsWith('*') ? text.replace(/[:/].*$/, '') : text };
}

function dataOf(text: string | undefined): Record<string, string> {
  return text === undefined ? {} : { '.dockerconfigjson': Buffer.from(text).toString('base64') };
}
