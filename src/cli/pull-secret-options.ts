import { Option } from 'commander';
import { UsageError } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { isRegistryHost } from '../image/registry-host.ts';

/** `--registry`: as a pull secret names it. */
export function registryOption(): Option {
  return new Option(
    '--registry <host>',
    "the mirror's HOST[:PORT][/PATH], not that of the mirrored registry",
  ).argParser(registryValue);
}

function registryValue(value: string): string {
  const [host = '', ...path] = value.split('/');
  if (isRegistryHost(host) && path.every((part) => /^[a-z0-9._-]+$/.test(part))) return value;
  throw new UsageError(
    `--registry ${quote(value)} is no registry; give HOST[:PORT][/PATH], such as mirror.example.com:5000`,
  );
}

/** `--username`: with the password on standard input. */
export function usernameOption(): Option {
  return new Option('--username <name>', 'the password comes from standard input').argParser(
    usernameValue,
  );
}

function usernameValue(value: string): string {
  if (value !== '' && !value.includes(':')) return value;
  throw new UsageError(
    `--username ${quote(value)} is empty or has a colon, which basic auth forbids`,
  );
}
