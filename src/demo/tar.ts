const BLOCK = 512;

/** A tar archive (POSIX ustar) with one regular file, owned by root and dated 1970. */
export function tarOf(name: string, content: Uint8Array): Uint8Array {
  const padding = new Uint8Array((BLOCK - (content.length % BLOCK)) % BLOCK);
  const end = new Uint8Array(2 * BLOCK);
  return Buffer.concat([header(name, content.length), content, padding, end]);
}

function header(name: string, size: number): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  block.write(name, 0, 100);
  block.write(`${octal(0o644, 7)}\0`, 100);
  block.write(`${octal(0, 7)}\0`, 108);
  block.write(`${octal(0, 7)}\0`, 116);
  block.write(`${octal(size, 11)}\0`, 124);
  block.write(`${octal(0, 11)}\0`, 136);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  // The checksum is taken with its own field full of blanks.
  block.write(' '.repeat(8), 148);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}
