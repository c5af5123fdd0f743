import { expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { trustFor } from '../../src/distribution/trust.ts';
import { withTemporaryDirectory } from '../support/temporary-directory.ts';

const HOST = 'mirror.test:5000';

/** The trust for HOST, where the directories `first` and `second` hold these files. */
function trust(files: Readonly<Record<string, string>>): ReturnType<typeof trustFor> {
  return withTemporaryDirectory((root) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(`${root}/${path.slice(0, path.lastIndexOf('/'))}`, { recursive: true });
      writeFileSync(`${root}/${path}`, text);
    }
    return trustFor(HOST, [`${root}/first`, `${root}/second`]);
  });
}

test('without a directory for the host the system’s authorities alone are trusted', () => {
  expect(trust({ 'first/other.test/ca.crt': 'OTHER' })).toEqual(trustFor('nothing.test', []));
});

test('all *.crt of the first directory for the host are trusted as well', () => {
  const files = {
    [`second/${HOST}/c.crt`]: 'THIRD',
    [`first/${HOST}/b.crt`]: 'SECOND',
    [`first/${HOST}/a.crt`]: 'FIRST',
  };
  const authorities = trust(files).certificateAuthority ?? '';
  expect(authorities).toEndWith('FIRST\nSECOND');
  expect(authorities).not.toContain('THIRD');
});

test('a *.cert is shown to the registry, with its *.key', () => {
  const files = { [`first/${HOST}/us.cert`]: 'CERTIFICATE', [`first/${HOST}/us.key`]: 'KEY' };
  expect(trust(files).clientCertificate).toEqual({ certificate: 'CERTIFICATE', key: 'KEY' });
});

test('a *.cert without its *.key is a failure that names the file', () => {
  expect(() => trust({ [`first/${HOST}/us.cert`]: 'CERTIFICATE' })).toThrow(
    /us\.key": no such file or directory \(ENOENT\)/,
  );
});
