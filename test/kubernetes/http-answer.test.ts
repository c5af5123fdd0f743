import { describe, expect, test } from 'bun:test';
import { HttpAnswerReader } from '../../src/kubernetes/http-answer.ts';
import { HttpSyntaxError } from '../../src/kubernetes/http-head.ts';

const encode = (text: string) => new TextEncoder().encode(text);

interface Read {
  readonly status: number;
  readonly body: string;
  readonly isReusable: boolean;
  /** Sizes of the parts of the body together, in bytes. */
  readonly taken: number;
}

/** Reads an answer in pieces of a size, and then the end of the connection; undefined where it is not whole. */
function read(text: string, pieceSize = Number.POSITIVE_INFINITY): Read | undefined {
  let taken = 0;
  const reader = new HttpAnswerReader((bytes) => {
    taken += bytes;
  });
  const bytes = encode(text);
  const step = Math.min(pieceSize, bytes.length);
  let isWhole = false;
  for (let at = 0; at < bytes.length; at += step) {
    isWhole = reader.read(bytes.subarray(at, at + step)) || isWhole;
  }
  if (!isWhole && !reader.close()) return undefined;
  return {
    status: reader.head.status,
    body: reader.body(),
    isReusable: reader.isReusable,
    taken,
  };
}

function answer(headers: readonly string[], body: string, status = 'HTTP/1.1 200 OK'): string {
  return `${[status, ...headers].join('\r\n')}\r\n\r\n${body}`;
}

const CHUNKED = 'Transfer-Encoding: chunked';

const GOOD: readonly [title: string, text: string, expected: Omit<Read, 'taken'>][] = [
  ['of a length', answer(['content-length: 6'], 'größ'), ok('größ')],
  ['without body', answer(['Content-Length: 0'], ''), ok('')],
  ['in chunks', answer([CHUNKED], '4\r\n{"a"\r\n3;x=y\r\n:1}\r\n0\r\n\r\n'), ok('{"a":1}')],
  ['in chunks with a trailer', answer([CHUNKED], '1\r\nx\r\n0\r\nA: b\r\nC: d\r\n\r\n'), ok('x')],
  [
    'in chunks with capitals',
    answer(['transfer-encoding: Chunked'], 'A\r\n0123456789\r\n0\r\n\r\n'),
    ok('0123456789'),
  ],
  [
    'to the end of the connection',
    answer([], 'all of it'),
    { ...ok('all of it'), isReusable: false },
  ],
  [
    'that closes',
    answer(['Content-Length: 1', 'Connection: close'], 'x'),
    { ...ok('x'), isReusable: false },
  ],
  [
    'of HTTP/1.0',
    answer(['Content-Length: 1'], 'x', 'HTTP/1.0 200 OK'),
    { ...ok('x'), isReusable: false },
  ],
  [
    'after an interim one',
    `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${answer(['Content-Length: 1'], 'x')}`,
    ok('x'),
  ],
  ['204', answer([], '', 'HTTP/1.1 204 No Content'), { ...ok(''), status: 204 }],
  [
    'without a reason',
    answer(['Content-Length: 1'], 'x', 'HTTP/1.1 404'),
    { ...ok('x'), status: 404 },
  ],
  ['with bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 1\n\nx', ok('x')],
  ['with the same length twice', answer(['Content-Length: 1', 'Content-Length: 1'], 'x'), ok('x')],
];

function ok(body: string): Omit<Read, 'taken'> {
  return { status: 200, body, isReusable: true };
}

describe.each([1, 2, 3, 7, Number.POSITIVE_INFINITY])(
  'in pieces of %d bytes, an answer',
  (size) => {
    test.each(GOOD)('%s', (_, text, expected) => {
      const taken = encode(expected.body).length;
      expect(read(text, size)).toEqual({ ...expected, taken });
    });

    test.each([
      ['of a length', answer(['Content-Length: 9'], 'too short')],
      ['in chunks', answer([CHUNKED], '4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n')],
    ])('%s is not whole before its last byte', (_, text) => {
      for (let end = 1; end < text.length; end += 1) {
        expect(read(text.slice(0, end), size)).toBeUndefined();
      }
    });
  },
);

describe('what is no answer is refused:', () => {
  test.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['HTTP/2', 'HTTP/2 200 OK\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a status that is no number', 'HTTP/1.1 abc OK\r\n\r\n'],
    ['two lengths', answer(['Content-Length: 1', 'Content-Length: 2'], 'xy')],
    ['a negative length', answer(['Content-Length: -1'], '')],
    ['a length with a sign', answer(['Content-Length: +1'], 'x')],
    ['a length in hexadecimal', answer(['Content-Length: 0x1'], 'x')],
    ['a length as a power', answer(['Content-Length: 1e0'], 'x')],
    ['two lengths in one', answer(['Content-Length: 1, 1'], 'x')],
    ['a header without a name', answer([': x', 'Content-Length: 1'], 'x')],
    ['a line that is no header', answer(['Banana', 'Content-Length: 1'], 'x')],
    ['a folded header', answer(['A: b', ' c', 'Content-Length: 1'], 'x')],
    ['another protocol', answer(['Upgrade: x', 'Connection: Upgrade'], '', 'HTTP/1.1 101 Yes')],
    ['a status in hexadecimal', 'HTTP/1.1 0xC8 OK\r\n\r\n'],
    ['a status as a power', 'HTTP/1.1 2e2 OK\r\n\r\n'],
    ['no HTTP, without a line’s end', 'SSH'],
    ['an empty length', answer(['Content-Length:'], '')],
    ['a length beyond numbers', answer(['Content-Length: 99999999999999999999'], '')],
    ['a length and chunks', answer(['Content-Length: 1', CHUNKED], '1\r\nx\r\n0\r\n\r\n')],
    ['another coding', answer(['Transfer-Encoding: gzip, chunked'], '')],
    ['a compressed body', answer(['Content-Encoding: gzip', 'Content-Length: 1'], 'x')],
    ['a chunk without size', answer([CHUNKED], 'x\r\n')],
    ['a negative chunk', answer([CHUNKED], '-1\r\n')],
    ['a chunk of 2^36 bytes', answer([CHUNKED], '1000000000\r\n')],
    ['a chunk longer than it says', answer([CHUNKED], '1\r\nxy\r\n0\r\n\r\n')],
    ['a head without end', `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(20_000)}`],
    ['more chunks than content', answer([CHUNKED], '1\r\nx\r\n'.repeat(400_000))],
    ['trailers without end', answer([CHUNKED], `0\r\n${'A: b\r\n'.repeat(200_000)}`)],
    ['interim answers without end', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(50_000)],
    ['a line between chunks without end', answer([CHUNKED], `1;${'x'.repeat(100_000)}`)],
  ])('%s', (_, text) => {
    expect(() => read(text)).toThrow(HttpSyntaxError);
    expect(() => read(text, 1000)).toThrow(HttpSyntaxError);
  });
});

test('what follows an answer unasked for closes the connection to more', () => {
  expect(read(answer(['Content-Length: 1'], 'xHTTP/1.1 200'))?.isReusable).toBe(false);
});

test('the reader keeps nothing that take refuses', () => {
  const reader = new HttpAnswerReader((bytes) => {
    if (bytes > 3) throw new RangeError('too much');
  });
  expect(() => reader.read(encode(answer(['Content-Length: 4'], 'abcd')))).toThrow(RangeError);
});

test('a body of 100,000 chunks is put together in little time', () => {
  const part = 'x'.repeat(80);
  const chunks = Buffer.from(`50\r\n${part}\r\n`.repeat(100_000));
  const reader = new HttpAnswerReader(() => undefined);
  reader.read(encode(answer([CHUNKED], '')));
  for (let at = 0; at < chunks.length; at += 16_384) {
    reader.read(new Uint8Array(chunks.subarray(at, at + 16_384)));
  }
  expect(reader.read(encode('0\r\n\r\n'))).toBe(true);
  expect(reader.body()).toBe(part.repeat(100_000));
});
