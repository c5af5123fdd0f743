import { describe, expect, test } from 'bun:test';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { deadlineIn } from '../../src/diagnostics/deadline.ts';
import { readRequestText } from '../../src/kubelet/read-request.ts';
import { LARGEST_REQUEST } from '../../src/kubelet/request.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const NO_STREAM = (): never => {
  throw new Error('the stream is not to be set up');
};

/** Reads a descriptor, as the plugin its standard input. */
function read(fd: number, stream: () => ReadableStream<Uint8Array> = NO_STREAM): Promise<string> {
  return readRequestText({ fd, stream }, deadlineIn(500));
}

/** A stream of the given pieces, which ends or not. */
function streamOf(pieces: readonly string[], ends = true): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(Buffer.from(piece));
      if (ends) controller.close();
    },
  });
}

describe('a request is read from', () => {
  test('a file, to its end and without a stream', async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/request`;
    const text = `{"x":"${'ü'.repeat(200_000)}"}`;
    writeFileSync(path, text);
    expect(await read(openSync(path, 'r'))).toBe(text);
  });
  test('a pipe that is written to in pieces, within a character too', async () => {
    using directory = temporaryDirectory();
    const pipe = `${directory.path}/pipe`;
    Bun.spawnSync(['mkfifo', pipe]);
    const [first, second] = [Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1)];
    // Opened both ways, so that neither side waits for the other.
    const writer = openSync(pipe, 'r+');
    const reader = openSync(pipe, 'r');
    const text = read(reader);
    writeFileSync(writer, first);
    await Bun.sleep(20);
    writeFileSync(writer, second);
    closeSync(writer);
    expect(await text).toBe('ü');
  });
  test('anything else as a stream', async () => {
    const device = openSync('/dev/null', 'r');
    expect(await read(device, () => streamOf(['{"a"', ':1}']))).toBe('{"a":1}');
    closeSync(device);
  });
});

describe('reading a request is refused', () => {
  test('beyond 1 MiB of a file', async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/request`;
    writeFileSync(path, ' '.repeat(LARGEST_REQUEST));
    expect(await read(openSync(path, 'r'))).toHaveLength(LARGEST_REQUEST);
    writeFileSync(path, ' '.repeat(LARGEST_REQUEST + 1));
    await expect(read(openSync(path, 'r'))).rejects.toThrow('larger than 1 MiB; pipe in a');
  });
  test('beyond 1 MiB of a stream', async () => {
    const device = openSync('/dev/null', 'r');
    const stream = () => streamOf([' '.repeat(LARGEST_REQUEST), ' '], false);
    await expect(read(device, stream)).rejects.toThrow('larger than 1 MiB');
    closeSync(device);
  });
  test('where a stream does not end in time', async () => {
    const device = openSync('/dev/null', 'r');
    const stream = () => streamOf(['{'], false);
    await expect(read(device, stream)).rejects.toThrow('did not end within the 0.5 s of --timeout');
    closeSync(device);
  });
  test('where a pipe does not end in time', async () => {
    using directory = temporaryDirectory();
    const pipe = `${directory.path}/pipe`;
    Bun.spawnSync(['mkfifo', pipe]);
    const both = openSync(pipe, 'r+');
    await expect(read(both)).rejects.toThrow('did not end within the 0.5 s of --timeout');
    closeSync(both);
  });
  test('where the descriptor is none', async () => {
    await expect(read(9_999)).rejects.toThrow(
      'cannot read the request on standard input: it is not open (EBADF); pipe in a CredentialProviderRequest as JSON',
    );
  });
});
