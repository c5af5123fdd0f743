import { Failure } from '../diagnostics/errors.ts';
import { plain } from '../diagnostics/plain.ts';
import type { TomlPath } from './toml-path.ts';

export type ConfErrorClass =
  | 'io'
  | 'toml-syntax'
  | 'toml-type'
  | 'invalid-registries'
  | 'invalid-short-name-mode'
  | 'invalid-alias';

/** A place in a text file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Why a registries.conf cannot be loaded: `FILE:LINE:COLUMN: what is wrong; what to do`. */
export class RegistriesConfError extends Failure {
  readonly file: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly errorClass: ConfErrorClass;
  /** The message without the place. */
  readonly problem: string;

  constructor(file: string, position: Position | undefined, problem: ConfProblem) {
    super(`${placeOf(file, position)}: ${problem.message}`, { cause: problem.cause });
    this.name = 'RegistriesConfError';
    this.file = file;
    this.line = position?.line;
    this.column = position?.column;
    this.errorClass = problem.errorClass;
    this.problem = problem.message;
  }
}

/** What is wrong with a file's content, thrown by the rules; the file's name and the line are added where it is caught. */
export class ConfProblem extends Error {
  readonly errorClass: ConfErrorClass;
  readonly at: TomlPath | Position | undefined;

  constructor(errorClass: ConfErrorClass, message: string, at?: TomlPath | Position) {
    super(message);
    this.name = 'ConfProblem';
    this.errorClass = errorClass;
    this.at = at;
  }
}

function placeOf(file: string, position: Position | undefined): string {
  return position === undefined
    ? plain(file)
    : `${plain(file)}:${position.line}:${position.column}`;
}
