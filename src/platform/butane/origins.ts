import type { Path } from './source-node.ts';

/** Where resolved values come from that do not stand at their own path in the config. */
export class Origins {
  readonly #single = new Map<string, Path>();
  readonly #whole = new Map<string, Path>();

  /** The value at `path` was made of the one at `origin`. */
  set(path: Path, origin: Path): void {
    this.#single.set(keyOf(path), origin);
  }

  /** Everything at `path` and below was made of the value at `origin`. */
  setWhole(path: Path, origin: Path): void {
    this.#whole.set(keyOf(path), origin);
  }

  /** The path in the config that a resolved path goes back to, where it is another. */
  find(path: Path): Path | undefined {
    const single = this.#single.get(keyOf(path));
    if (single !== undefined) return single;
    for (let length = path.length; length > 0; length -= 1) {
      const whole = this.#whole.get(keyOf(path.slice(0, length)));
      if (whole !== undefined) return whole;
    }
    return undefined;
  }
}

function keyOf(path: Path): string {
  return path.join('\0');
}
