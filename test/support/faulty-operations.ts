import { writeFileSync } from 'node:fs';
import { type FileOperations, MACHINE_OPERATIONS } from '../../src/node/file-operations.ts';
import type { FileSnapshot } from '../../src/node/snapshot.ts';

/** What a killed process does: nothing more. */
export class Killed extends Error {}

/** Operations on files that go wrong at one step, as a counting wrapper around those of the machine. */
abstract class FaultyOperations implements FileOperations {
  steps = 0;
  readonly at: number;

  constructor(at: number) {
    this.at = at;
  }

  /** Whether the step that went wrong was reached at all. */
  get wasReached(): boolean {
    return this.steps >= this.at;
  }

  makeDirectory(place: string, mode: number): void {
    this.#step('makeDirectory', () => MACHINE_OPERATIONS.makeDirectory(place, mode));
  }

  removeDirectory(place: string): void {
    this.#step('removeDirectory', () => MACHINE_OPERATIONS.removeDirectory(place));
  }

  writeFile(place: string, file: FileSnapshot): void {
    // What there is when it goes wrong in the middle.
    if (this.steps + 1 === this.at) {
      writeFileSync(place, file.bytes.subarray(0, file.bytes.length / 2), { flag: 'wx' });
    }
    this.#step('writeFile', () => MACHINE_OPERATIONS.writeFile(place, file));
  }

  makeLink(place: string, target: string): void {
    this.#step('makeLink', () => MACHINE_OPERATIONS.makeLink(place, target));
  }

  rename(from: string, to: string): void {
    this.#step('rename', () => MACHINE_OPERATIONS.rename(from, to));
  }

  removeFile(place: string): void {
    this.#step('removeFile', () => MACHINE_OPERATIONS.removeFile(place));
  }

  restoreContexts(places: readonly string[]): void {
    this.#step('restoreContexts', () => MACHINE_OPERATIONS.restoreContexts(places));
  }

  /** What happens from the step on that goes wrong: nothing where it goes on. */
  protected abstract goWrong(operation: keyof FileOperations): void;

  #step(operation: keyof FileOperations, work: () => void): void {
    this.steps += 1;
    if (this.steps >= this.at) this.goWrong(operation);
    work();
  }
}

/** Those of a process that is killed in the middle of its step number `at`. */
export class KilledOperations extends FaultyOperations {
  protected goWrong(): void {
    throw new Killed();
  }
}

/** Those of a file system that refuses step number `at`, and takes all others. */
export class RefusedOperations extends FaultyOperations {
  readonly #code: string;

  constructor(at: number, code: string) {
    super(at);
    this.#code = code;
  }

  protected goWrong(operation: keyof FileOperations): void {
    if (this.steps !== this.at || operation === 'restoreContexts') return;
    throw Object.assign(new Error(`${this.#code}: ${operation}`), { code: this.#code });
  }
}

/** Runs work until it is killed; tells whether it came to its end. */
export async function survives(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}
