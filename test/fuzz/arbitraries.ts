import fc from 'fast-check';
import { MARKER } from './property.ts';

/** Any text: plain, of all of Unicode, or of what parsers stumble over. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'[]{}"\\\n=.,:/@#\'*_- \0\u2028é\ud800a1'), maxLength: 80 }),
);

/** Any JSON value, with the keys that objects inherit among its keys. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.dictionary(
    fc.constantFrom('__proto__', 'constructor', 'toString', 'auths', 'auth'),
    fc.jsonValue(),
  ),
);

/** A text with a few places changed: something cut out, something put in. */
export function damaged(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(8),
    put: anyText,
  });
  return fc.tuple(texts, fc.array(edit, { maxLength: 3 })).map(([text, edits]) =>
    edits.reduce((so, { at, cut, put }) => {
      const place = Math.floor(at * so.length);
      return so.slice(0, place) + put.slice(0, 4) + so.slice(place + cut);
    }, text),
  );
}

const component = fc.constantFrom(
  'library',
  'nginx',
  'team',
  'team-b',
  'app',
  'v1',
  'v2',
  'a',
  'b',
);

/** Few hosts that lie close to each other, so that keys and images often nearly meet. */
export const host: fc.Arbitrary<string> = fc.constantFrom(
  ...['docker.io', 'index.docker.io', 'registry-1.docker.io', 'docker.io:443', 'Docker.IO'],
  ...['localhost', 'localhost:5000', 'LOCALHOST:5000', '10.0.0.1:5000', '10.0.0.1'],
  ...['m.example', 'M.example', 'a.m.example', 'b.m.example:5000', 'am.example', 'm.example.evil'],
  ...['quay.io', 'quay.iox', 'xquay.io', 'ghcr.io'],
);

const wildcardHost: fc.Arbitrary<string> = fc.constantFrom(
  ...['*.m.example', '*.example', '*.*', '*', '*.io', 'quay.*', 'q*.io', '*quay.io', 'local*:5000'],
  ...['*.*.example', '*:5000', '10.*.*.1:5000', '*.docker.io', 'docker.*', '**.io', 'a*b.io'],
);

/** The name of a repository as CRI-O asks for it: `host/path`. */
export const repository: fc.Arbitrary<string> = fc
  .tuple(host, fc.array(component, { minLength: 1, maxLength: 3 }))
  .map((parts) => parts.flat().join('/'));

/** A key of `auths`, in all the ways that people write them. */
export const registryKey: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '', '', 'https://', 'http://', 'HTTPS://', 'docker://'),
    fc.oneof({ weight: 4, arbitrary: host }, wildcardHost, fc.constant('')),
    fc.oneof(fc.constant([]), fc.array(component, { maxLength: 3 })),
    fc.constantFrom('', '', '/', '//'),
  )
  .map(([scheme, name, path, slashes]) => scheme + [name, ...path].join('/') + slashes);

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const credential = fc
  .tuple(fc.constantFrom('u', 'user', 'ü', '', 'a\0b'), fc.constantFrom(MARKER, 'p:q', '', '\0p\0'))
  .map((pair) => pair.join(':'));

const authValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: credential.map(base64) },
  credential.map((text) => base64(text).replace(/=+$/, '')),
  credential.map((text) => Buffer.from(text, 'latin1').toString('base64url')),
  credential.map((text) => `${base64(text)}=`),
  fc.constantFrom('', null, 'bm9jb2xvbg==', '*', ' dTpw ', 'dTpw\n', 7),
);

/** The value of an entry of `auths`, good and bad. */
export const authEntry: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: authValue.map((auth) => ({ auth })) },
  fc.record(
    {
      auth: authValue,
      username: fc.constantFrom('u', '', null, 7),
      password: fc.constantFrom(MARKER, ''),
      identitytoken: fc.constantFrom(MARKER, '', 7),
    },
    { requiredKeys: [] },
  ),
  fc.constantFrom(null, {}, [], 'text', 7),
);

/** The content of `auths`. */
export const auths: fc.Arbitrary<Record<string, unknown>> = fc.dictionary(registryKey, authEntry, {
  maxKeys: 6,
});
