import { describe, expect, test } from 'bun:test';
import { decodeEntry, decodeGlobalEntry } from '../../src/credentials/credential.ts';

const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');

function gives(entry: unknown, expected: ReturnType<typeof decodeEntry>): () => void {
  return () => expect(decodeEntry(entry)).toEqual(expected);
}

describe('an entry gives', () => {
  const anna = { username: 'anna', auth: base64('anna:geheim') };
  test('what its auth holds', gives({ auth: base64('anna:geheim') }, anna));
  test('what its auth holds, unpadded', gives({ auth: anna.auth.replace(/=/g, '') }, anna));
  test(
    'what its auth holds, with blanks',
    gives({ auth: ` ${anna.auth.slice(0, 4)}\r\n${anna.auth.slice(4)}\t` }, anna),
  );
  test('its user name and password', gives({ username: 'anna', password: 'geheim' }, anna));
  test('auth before user name', gives({ auth: anna.auth, username: 'x', password: 'y' }, anna));
  test(
    'the user name where auth is empty',
    gives({ auth: '', username: 'anna', password: 'geheim' }, anna),
  );
  test(
    'the user name where auth has no colon',
    gives({ auth: base64('x'), username: 'anna', password: 'geheim' }, anna),
  );
  test(
    'everything up to the first colon as the user',
    gives({ auth: base64('a:b:c') }, { username: 'a', auth: base64('a:b:c') }),
  );
  test('a password without the NULs around it', gives({ auth: base64('anna:\0geheim\0\0') }, anna));
  test(
    'an anonymous credential for a colon',
    gives({ auth: base64(':') }, { username: '', auth: base64(':') }),
  );
  test(
    'an identity token alone',
    gives({ identitytoken: 't' }, { username: '', auth: '', identityToken: 't' }),
  );
  test(
    'an identity token beside a credential',
    gives({ auth: anna.auth, identitytoken: 't' }, { ...anna, identityToken: 't' }),
  );
  test(
    'umlauts as UTF-8',
    gives(
      { username: 'ä', password: 'ö' },
      { username: 'ä', auth: Buffer.from('ä:ö').toString('base64') },
    ),
  );
});

describe('an entry is unusable', () => {
  const none = { problem: 'holds no credentials' };
  test('where it is empty', gives({}, none));
  test('where it is null', gives(null, none));
  test('where its auth has no colon', gives({ auth: base64('anna') }, none));
  test('where it is a text', gives('anna', { problem: 'is no JSON object' }));
  test('where it is a list', gives([], { problem: 'is no JSON object' }));
  test(
    'where a field is a number',
    gives({ auth: 1 }, { problem: 'has a field that is no string' }),
  );
  const garbled = { problem: 'has an auth that is not base64' };
  test('where its auth is not base64', gives({ auth: '!!!' }, garbled));
  test('where its auth is padded wrongly', gives({ auth: 'dXNlcjpwYXNz=' }, garbled));
  test(
    'where its auth is not base64, whatever its user name',
    gives({ auth: '!!!', username: 'u', password: 'p' }, garbled),
  );
});

describe('a global entry', () => {
  test('keeps its auth as written', () => {
    expect(decodeGlobalEntry({ auth: 'dTpwAA' })).toEqual({ username: 'u', auth: 'dTpwAA' });
  });
  test('gets an auth from user name and password', () => {
    expect(decodeGlobalEntry({ username: 'u', password: 'p' })).toEqual({
      username: 'u',
      auth: 'dTpw',
    });
  });
});
