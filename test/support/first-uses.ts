// Runs the mirror provider in this process, and names on the last line of standard error what it used of the
// runtime's functions that are slow to use for the first time (docs/development.md), and where.

const SLOW: readonly (readonly [string, object, readonly string[]])[] = [
  [
    'Array',
    Array.prototype,
    ['map', 'filter', 'find', 'findIndex', 'findLast', 'some', 'every', 'flatMap', 'forEach'],
  ],
  ['Array', Array.prototype, ['reduce', 'entries', 'keys', 'values']],
  ['Map', Map.prototype, ['keys', 'values', 'entries']],
  ['RegExp', RegExp.prototype, ['exec', 'test']],
  ['Object', Object, ['fromEntries']],
  ['Math', Math, ['min', 'max', 'abs', 'random']],
];
const GLOBALS = ['URL', 'crypto', 'Buffer'] as const;
const SOURCE = /\/src\/(\S+?):\d+/;

const uses = new Set<string>();
let isWatching = false;

function note(name: string): void {
  if (!isWatching) return;
  isWatching = false;
  const place = SOURCE.exec(new Error().stack ?? '')?.[1];
  if (place !== undefined) uses.add(`${name} in ${place}`);
  isWatching = true;
}

for (const [owner, holder, names] of SLOW) {
  for (const name of names) {
    const real: unknown = Reflect.get(holder, name);
    if (typeof real !== 'function') throw new Error(`there is no ${owner}.${name}`);
    Reflect.defineProperty(holder, name, {
      value(this: unknown, ...args: unknown[]): unknown {
        note(`${owner}.${name}`);
        return Reflect.apply(real, this, args);
      },
    });
  }
}
for (const name of GLOBALS) {
  const real: unknown = Reflect.get(globalThis, name);
  Reflect.defineProperty(globalThis, name, {
    get() {
      note(name);
      return real;
    },
  });
}

const { crioCredentialProvider } = await import('../../src/bin/crio-credential-provider.ts');
isWatching = true;
const exitCode = await crioCredentialProvider(process.argv.slice(2), {
  fd: 0,
  stream: () => Bun.stdin.stream(),
});
isWatching = false;
process.stderr.write(`${JSON.stringify([...uses].sort())}\n`);
process.exit(exitCode);
