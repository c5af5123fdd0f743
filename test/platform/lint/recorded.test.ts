import { describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lintFiles } from '../../../src/cli/lint-files.ts';
import { lintTargets } from '../../../src/cli/lint-targets.ts';
import { Failure } from '../../../src/diagnostics/errors.ts';
import type { Finding } from '../../../src/platform/lint/finding.ts';
import type { LintKind } from '../../../src/platform/lint/lint-kind.ts';
import { type ConformanceCase, conformanceFiles } from '../../conformance/suite.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

/** The recorded cases of a suite: what the real program did with a file. */
function cases(suite: string): readonly (readonly [string, ConformanceCase])[] {
  const found = conformanceFiles()
    .filter((file) => file.suite === suite)
    .flatMap((file) => file.cases);
  return found.map((one) => [one.name, one]);
}

/** Errors of lint on files, in their order; a file that cannot be read is one. */
function errors(
  files: Readonly<Record<string, string | Uint8Array>>,
  names: readonly string[],
  kind: LintKind,
): readonly Pick<Finding, 'message' | 'position'>[] {
  using directory = temporaryDirectory();
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory.path, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, content);
  }
  try {
    const paths = names.map((name) => join(directory.path, name));
    const { findings } = lintFiles(lintTargets(paths, kind), { config: {} });
    return findings.filter(({ severity }) => severity === 'error');
  } catch (error) {
    if (error instanceof Failure) return [{ message: error.message, position: undefined }];
    throw error;
  }
}

describe('what the kubelet did with its configurations:', () => {
  test.each(cases('kubelet-credential-provider-config'))('%s', (_, recorded) => {
    const { input, expect: outcome } = recorded as unknown as {
      input: { path: string; files: Record<string, string> };
      expect: { ok: boolean; errors?: readonly string[] };
    };
    const found = errors(input.files, [input.path], 'credential-provider-config');
    expect(found.length === 0).toBe(outcome.ok);
    if (outcome.errors === undefined) return;
    expect(found.map(({ message }) => message)).toEqual([...outcome.errors]);
    expect(found.every(({ position }) => position !== undefined)).toBe(true);
  });
});

describe('what the API server did with new objects:', () => {
  // How strictly a request wants to be read, for whom, and versions of objects that are there, are no
  // matter of files.
  const created = cases('crd-validation').filter(([, { request, setup }]) => {
    const { method, path, body } = request as { method: string; path: string; body?: unknown };
    const text = JSON.stringify(body) ?? '';
    const isCreation = setup === undefined && method === 'POST' && text !== '';
    const isOption = /fieldValidation=(?!Strict)|fieldManager=/.test(path);
    return isCreation && !isOption && !text.includes('resourceVersion');
  });

  test.each(created)('%s', (_, recorded) => {
    const { request, expect: outcome } = recorded as unknown as {
      request: { body: unknown };
      expect: {
        accepted: boolean;
        warnings?: readonly string[];
        causes?: { field: string; message: string }[];
      };
    };
    const text = JSON.stringify(request.body);
    const found = errors({ 'cr.json': text }, ['cr.json'], 'crio-credential-provider-config');
    // What it only warns of, kubectl refuses, but for names of finalizers.
    const warnings = (outcome.warnings ?? []).filter((one) => !one.includes('finalizer name'));
    expect(found.length === 0).toBe(outcome.accepted && warnings.length === 0);
    for (const { message } of outcome.causes ?? []) {
      if (message.includes('some validation rules were not checked')) continue;
      const told = found.map((one) => one.message).join('\n');
      expect(told).toContain(message.replace(/^Invalid value: (?:null: )?/, ''));
    }
  });
});

describe('what containers/image did with files:', () => {
  test.each(cases('registries'))('%s', (_, recorded) => {
    const {
      registriesConf,
      registriesConfBase64,
      dropIns = {},
      expected,
      quirk,
    } = recorded as unknown as {
      registriesConf?: string;
      registriesConfBase64?: string;
      dropIns?: Record<string, string>;
      expected: { error: string | null };
      quirk?: string;
    };
    const main =
      registriesConfBase64 === undefined
        ? registriesConf
        : Buffer.from(registriesConfBase64, 'base64');
    const files = Object.fromEntries(
      Object.entries(dropIns).map(([name, text]) => [`registries.conf.d/${name}`, text]),
    );
    const all = {
      'registries.conf.d/': '',
      ...files,
      ...(main == null ? {} : { 'registries.conf': main }),
    };
    const found = errors(all, ['registries.conf', 'registries.conf.d'], 'registries-conf');
    if (quirk === 'toml-dialect' && found.length > 0) return;
    expect(found.length === 0).toBe(expected.error === null);
  });
});
