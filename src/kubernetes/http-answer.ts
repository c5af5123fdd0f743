import { utf8Text } from '../diagnostics/utf8.ts';
import { BodyBytes } from './body-bytes.ts';
import { type AnswerHead, answerHead, beginsAsAnswer, HttpSyntaxError } from './http-head.ts';

/** In bytes: the head of an answer, or a line between chunks. */
const LONGEST_HEAD = 64 * 1024;
/** In bytes: all that is neither the answer's head nor its body, such as the lines between chunks. */
const MOST_FRAMING = 1024 * 1024;
const NEW_LINE = 0x0a;
const NOTHING: Uint8Array = new Uint8Array();

type Expected =
  | 'head'
  | 'sized'
  | 'chunk-size'
  | 'chunk'
  | 'chunk-end'
  | 'trailer'
  | 'rest'
  | 'end';

/**
 * Reads one answer of HTTP/1.1 (RFC 9112) from the pieces in which it comes in. `take` is told the size
 * of each part of the body, or of all of it where that is told, in bytes, before it is kept; it may throw.
 * What is no such answer throws a HttpSyntaxError.
 */
export class HttpAnswerReader {
  private readonly take: (bytes: number) => void;
  private readonly bodyBytes = new BodyBytes();
  private unread: Uint8Array = NOTHING;
  private expected: Expected = 'head';
  /** Bytes that are left of the body or of the chunk. */
  private left = 0;
  private framing = 0;
  private answerHead: AnswerHead | undefined;

  constructor(take: (bytes: number) => void) {
    this.take = take;
  }

  /** Takes the next bytes; says whether the answer is whole. */
  read(bytes: Uint8Array): boolean {
    this.unread = joined(this.unread, bytes);
    while (this.expected !== 'end' && this.readNext());
    return this.expected === 'end';
  }

  /** The connection has ended; says whether the answer is whole with that. */
  close(): boolean {
    if (this.expected === 'rest') this.expected = 'end';
    return this.expected === 'end';
  }

  /** Of a whole answer. */
  get head(): AnswerHead {
    if (this.answerHead === undefined) throw new HttpSyntaxError('there is no answer yet');
    return this.answerHead;
  }

  body(): string {
    return this.bodyBytes.text();
  }

  /** Whether the connection may serve another request: nothing unasked for came after the answer. */
  get isReusable(): boolean {
    return this.head.staysOpen && this.unread.length === 0;
  }

  /** Reads one part, if it is there; false where more must come in first. */
  private readNext(): boolean {
    switch (this.expected) {
      case 'head':
        return this.readHead();
      case 'sized':
        return this.readBytes('end');
      case 'chunk':
        return this.readBytes('chunk-end');
      case 'rest':
        this.left = this.unread.length;
        return this.readBytes('rest') && this.unread.length > 0;
      default:
        return this.readLine();
    }
  }

  private readHead(): boolean {
    beginsAsAnswer(this.unread);
    const end = endOfHead(this.unread);
    if (end === undefined) return this.wait();
    const head = answerHead(utf8Text(this.unread.subarray(0, end)));
    this.unread = this.unread.subarray(end);
    // An interim answer (100, 103): the true one follows.
    if (head.status < 200) return this.skip(end);
    this.answerHead = head;
    if (typeof head.length === 'number') {
      this.take(head.length);
      this.left = head.length;
      this.expected = 'sized';
    } else this.expected = head.length === 'chunked' ? 'chunk-size' : 'rest';
    return true;
  }

  private readBytes(next: Expected): boolean {
    const part = this.unread.subarray(0, this.left);
    if (this.expected !== 'sized') this.take(part.length);
    this.bodyBytes.add(part);
    this.left -= part.length;
    this.unread = this.unread.subarray(part.length);
    if (this.left > 0) return false;
    this.expected = next;
    return true;
  }

  private readLine(): boolean {
    const newLine = this.unread.indexOf(NEW_LINE);
    if (newLine === -1) return this.wait();
    const line = utf8Text(this.unread.subarray(0, newLine)).replace(/\r$/, '');
    this.unread = this.unread.subarray(newLine + 1);
    this.skip(newLine + 1);
    if (this.expected === 'chunk-end') {
      if (line !== '') throw new HttpSyntaxError('a chunk is longer than it says');
      this.expected = 'chunk-size';
    } else if (this.expected === 'trailer') {
      if (line === '') this.expected = 'end';
    } else {
      this.left = chunkSize(line);
      this.expected = this.left === 0 ? 'trailer' : 'chunk';
    }
    return true;
  }

  /** Counts what is read and not kept. */
  private skip(bytes: number): boolean {
    this.framing += bytes;
    if (this.framing > MOST_FRAMING) {
      throw new HttpSyntaxError('it is more interim answers, chunks or trailers than content');
    }
    return true;
  }

  private wait(): boolean {
    if (this.unread.length > LONGEST_HEAD) throw new HttpSyntaxError('its head does not end');
    return false;
  }
}

/** Extensions after a semicolon mean nothing to us. */
function chunkSize(line: string): number {
  const size = /^([0-9a-fA-F]{1,8})[ \t]*(?:;|$)/.exec(line)?.[1];
  if (size === undefined) throw new HttpSyntaxError('a chunk has no size');
  return Number.parseInt(size, 16);
}

/** Behind the empty line. */
function endOfHead(bytes: Uint8Array): number | undefined {
  for (let at = bytes.indexOf(NEW_LINE); at !== -1; at = bytes.indexOf(NEW_LINE, at + 1)) {
    if (bytes[at + 1] === NEW_LINE) return at + 2;
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === NEW_LINE) return at + 3;
  }
  return undefined;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (one.length === 0) return other;
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
