import { Option } from 'commander';

/** `-o`: the form of the answer on standard output; the first is the default. */
export function outputFormat(...formats: readonly [string, ...string[]]): Option {
  return new Option('-o, --output <format>', 'form of the answer')
    .choices(formats)
    .default(formats[0]);
}
