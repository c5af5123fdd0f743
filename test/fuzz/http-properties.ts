import { expect } from 'bun:test';
import fc from 'fast-check';
import { HttpAnswerReader } from '../../src/kubernetes/http-answer.ts';
import { HttpSyntaxError } from '../../src/kubernetes/http-head.ts';
import { damaged } from './arbitraries.ts';
import { type Property, property } from './property.ts';

const ANSWERS = [
  'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"items":1}',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n2;x\r\n1}\r\n0\r\nX: y\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 403 Forbidden\r\n\r\nno',
] as const;

interface Outcome {
  readonly isWhole: boolean;
  readonly body?: string;
  readonly refused?: string;
}

/** Reads bytes in pieces of the given sizes, in turn, and the end of the connection. */
function read(bytes: Uint8Array, sizes: readonly number[]): Outcome {
  const reader = new HttpAnswerReader(() => undefined);
  try {
    for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
      const size = sizes[piece % sizes.length] ?? 1;
      if (reader.read(bytes.subarray(at, at + size))) return { isWhole: true, body: reader.body() };
      at += size;
    }
    return reader.close() ? { isWhole: true, body: reader.body() } : { isWhole: false };
  } catch (error) {
    if (!(error instanceof HttpSyntaxError)) throw error;
    return { isWhole: false, refused: error.message };
  }
}

export const HTTP_PROPERTIES: readonly Property[] = [
  property(
    'an answer reads the same in whatever pieces it comes in',
    fc.tuple(
      damaged(fc.constantFrom(...ANSWERS)),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
    ),
    ([text, sizes]) => {
      const bytes = new TextEncoder().encode(text);
      expect(read(bytes, sizes)).toEqual(read(bytes, [bytes.length || 1]));
    },
  ),
];
