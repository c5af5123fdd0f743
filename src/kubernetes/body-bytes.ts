import { utf8Text } from '../diagnostics/utf8.ts';

const FEWEST = 4096;

/**
 * The body of an answer as it comes in, in parts. They are copied into one place, which doubles: of many
 * small parts each would hold on to all that came with it, and to join them one by one takes time by their
 * number squared. A body that comes in one part is not copied.
 */
export class BodyBytes {
  private bytes: Uint8Array = new Uint8Array();
  private length = 0;
  private isOwn = false;

  add(part: Uint8Array): void {
    if (this.length === 0) {
      this.bytes = part;
      this.isOwn = false;
    } else {
      this.reserve(this.length + part.length);
      this.bytes.set(part, this.length);
    }
    this.length += part.length;
  }

  text(): string {
    return utf8Text(this.bytes.subarray(0, this.length));
  }

  private reserve(length: number): void {
    if (this.isOwn && length <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * length, FEWEST));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.isOwn = true;
  }
}
