import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { plainOrigin } from '../../src/kubernetes/plain-origin.ts';

describe('a plain origin is read by hand', () => {
  test.each([
    'https://127.0.0.1:6443',
    'https://api-int.c1.example.com:6443',
    'https://localhost:1',
  ])('%s', (text) => expect(plainOrigin(text)).toEqual({ url: text, host: text.slice(8) }));

  test.each(
    [
      ['https://host:443', 'https://host', 'https://h:65536', 'https://h:06443', 'https://h:'],
      ['https://Host:1', 'https://xn--a:1', 'https://h_h:1', 'https://h.:1', 'https://[::1]:1'],
      [
        'https://127.1:1',
        'https://0x7f:1',
        'https://1.2.3.256:1',
        'https://1.2.3.04:1',
        'https://9:1',
      ],
      ['http://h:1', 'https://h:1/', 'https://u@h:1', 'https://h:1?a', 'HTTPS://h:1', 'h:1', ''],
    ].flat(),
  )('%s is left to URL', (text) => expect(plainOrigin(text)).toBeUndefined());

  test('as URL reads it', () => {
    const part = fc.constantFrom(
      'a',
      'b-1',
      '0',
      '10',
      '255',
      '256',
      '0x1',
      'xn--',
      '-',
      'é',
      'A',
      '',
    );
    const host = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.'));
    const port = fc.constantFrom('1', '443', '6443', '65535', '65536', '08', '', 'x');
    fc.assert(
      fc.property(host, port, (name, number) => {
        const text = `https://${name}:${number}`;
        const plain = plainOrigin(text);
        if (plain === undefined) return;
        const { origin, host: theirs } = new URL(text);
        expect(plain).toEqual({ url: origin, host: theirs });
      }),
      { numRuns: 2_000 },
    );
  });
});
