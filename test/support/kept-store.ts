import { readFileSync, statSync } from 'node:fs';
import { type PullkeyRun, pullkey } from './pullkey.ts';
import { expectNoSecrets, PASSWORD } from './secrecy.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A store that `pullkey credentials` keeps; it is missing at first. */
export class KeptStore implements Disposable {
  /** A directory around it. */
  readonly outside: string;
  readonly root: string;
  readonly #directory = temporaryDirectory();

  constructor() {
    this.outside = this.#directory.path;
    this.root = `${this.outside}/etc/registries`;
  }

  /** Runs `pullkey credentials` on it, and sees that no secret is printed. */
  run(args: readonly string[], stdin: string | Uint8Array = ''): PullkeyRun {
    const run = pullkey(['credentials', ...args, '--credroot', this.root], stdin);
    expectNoSecrets(run);
    return run;
  }

  /** Adds a credential of the user `u` in plain text. */
  add(scope: string, ...more: readonly string[]): PullkeyRun {
    return this.run(['add', scope, '--username', 'u', '--no-encrypt', ...more], `${PASSWORD}\n`);
  }

  /** What a file of it holds. */
  stored(name: string): unknown {
    return JSON.parse(readFileSync(`${this.root}/${name}`, 'utf8'));
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]();
  }
}

/** Permission bits of a file, as chmod(1) takes them. */
export function modeOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}
