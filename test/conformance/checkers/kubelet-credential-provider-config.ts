import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { MACHINE_FILES, readCredentialProviderConfig } from '../../../src/kubelet/config-files.ts';
import type { CredentialProvider } from '../../../src/kubelet/credential-provider-config.ts';
import { formatDuration } from '../../../src/kubelet/duration.ts';
import type { ConfigVerdict } from '../../../src/kubelet/read-config.ts';
import { withTemporaryDirectory } from '../../support/temporary-directory.ts';
import { difference } from '../difference.ts';
import type { ConformanceCase } from '../suite.ts';

interface ConfigCase extends ConformanceCase {
  readonly input: { readonly path: string; readonly files: Readonly<Record<string, string>> };
  readonly expect: Outcome & { readonly errors?: readonly string[] };
}

interface Outcome {
  readonly ok: boolean;
  readonly config?: unknown;
  readonly hash?: string;
  readonly stage?: string;
  readonly error?: string;
}

/** One configuration: accepted as the same providers, or refused at the same stage in the same words. */
export function checkCredentialProviderConfig(recorded: ConformanceCase): string | undefined {
  const { input, expect } = recorded as ConfigCase;
  const verdict = withTemporaryDirectory((directory) => {
    for (const [name, text] of Object.entries(input.files)) {
      const file = join(directory, name);
      const isDirectory = name.endsWith('/');
      mkdirSync(isDirectory ? file : dirname(file), { recursive: true });
      if (!isDirectory) writeFileSync(file, text);
    }
    return readCredentialProviderConfig(input.path, filesBelow(directory));
  });
  const { errors, ...outcome } = expect;
  const messages = verdict.ok ? [] : verdict.problems.map(({ message }) => message);
  return (
    difference(comparable(outcomeOf(verdict)), comparable(outcome)) ??
    (errors === undefined ? undefined : difference(messages, errors))
  );
}

function filesBelow(directory: string): typeof MACHINE_FILES {
  const within = (path: string): string => join(directory, relative('.', path));
  return {
    isDirectory: (path) => MACHINE_FILES.isDirectory(within(path)),
    fileNames: (path) => MACHINE_FILES.fileNames(within(path)),
    read: (path) => MACHINE_FILES.read(within(path)),
  };
}

function outcomeOf(verdict: ConfigVerdict): Outcome {
  if (verdict.ok) {
    const providers = verdict.config.providers.map(providerJson);
    return { ok: true, config: { providers }, hash: verdict.hash };
  }
  const { ok, stage, error, hash } = verdict;
  return { ok, stage, error, ...(hash === undefined ? {} : { hash }) };
}

function providerJson(provider: CredentialProvider): unknown {
  const { args, env, defaultCacheDuration = 0n, tokenAttributes } = provider;
  return {
    name: provider.name,
    matchImages: provider.matchImages,
    defaultCacheDuration: formatDuration(defaultCacheDuration),
    apiVersion: provider.apiVersion,
    ...(args.length === 0 ? {} : { args }),
    ...(env.length === 0 ? {} : { env }),
    ...(tokenAttributes === undefined
      ? {}
      : {
          tokenAttributes: Object.fromEntries(
            Object.entries(tokenAttributes).filter(
              ([, value]) => !Array.isArray(value) || value.length > 0,
            ),
          ),
        }),
  };
}

/** What stays of a message when the Go decoder's own parts are taken out of it. */
function comparable(outcome: Outcome): Outcome {
  if (outcome.error === undefined) return outcome;
  const error = outcome.error
    .replace(/ in scheme "[^"]*"$/, '')
    .replace(/(Object '\w+' is missing) in .*$/s, '$1')
    .replace(/(error decoding config "[^"]*": yaml:).*$/s, '$1')
    .replace(/(unsupported map key of type: ).*$/s, '$1')
    .replace(/(json parse error: )(?!json: ).*$/s, '$1');
  return { ...outcome, error };
}
