import { expect } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeAuths } from '../../src/authfile/entry.ts';
import { isJsonObject } from '../../src/diagnostics/json.ts';
import { plan, respond } from '../../src/providers/mirror.ts';
import { planSentences } from '../../src/providers/mirror-log.ts';
import type { MirrorPlan } from '../../src/providers/mirror-plan.ts';
import { loadRegistries, type RegistriesConfig } from '../../src/registries/load.ts';
import { modelAuths } from '../support/credential-model.ts';
import { type ModelRegistry, modelEndpoints, modelName } from '../support/endpoint-model.ts';
import { mayGive } from '../support/host-model.ts';
import { MARKER, type Property, property } from './property.ts';
import { type Pull, pull } from './pull-arbitrary.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The generated entries as a file, read by the code that is tested. */
function load(registries: readonly ModelRegistry[]): RegistriesConfig {
  const directory = mkdtempSync(join(tmpdir(), 'pullkey-fuzz-'));
  try {
    writeFileSync(`${directory}/registries.conf`, registries.map(entryText).join(''));
    const sources = { mainFile: `${directory}/registries.conf`, dropInDirs: [] };
    return loadRegistries({ ...sources, missingMainFile: 'refuse' });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function entryText({ prefix, location, mirrors }: ModelRegistry): string {
  const setting = (name: string, value = '') => `${name} = ${JSON.stringify(value)}\n`;
  const own =
    setting('location', location) + (prefix === undefined ? '' : setting('prefix', prefix));
  return `[[registry]]\n${own}${mirrors.map((one) => `[[registry.mirror]]\n${setting('location', one)}`).join('')}`;
}

const TOKEN = `x.${Buffer.from('{"kubernetes.io":{"namespace":"default"}}').toString('base64url')}.${MARKER}`;

async function decide({ image, registries, secrets, global }: Pull): Promise<MirrorPlan> {
  const request = { apiVersion: 'v1', image, serviceAccountToken: TOKEN };
  const config = load(registries);
  return plan(
    { ...request, serviceAccountAnnotations: new Map() },
    {
      authDir: '/auth',
      globalAuthFile: '/global.json',
      loadRegistries: () => config,
      readGlobalAuths: () => global,
      findSecrets: () => ({ read: async () => ({ source: 'namespace', secrets, skipped: [] }) }),
    },
  );
}

function written({ auths: planned }: MirrorPlan): unknown {
  const document: unknown = JSON.parse(encodeAuths(planned ?? new Map()));
  return isJsonObject(document) ? document['auths'] : undefined;
}

export const PULL_PROPERTIES: readonly Property[] = [
  property('a pull goes where the model says, with what the model says', pull, async (one) => {
    const decided = await decide(one);
    const name = modelName(one.image);
    const references = modelEndpoints(one.registries, name);
    if (references.length === 0) {
      expect(decided.outcome).toBe('no-mirror');
      return;
    }
    expect(decided.endpoints.map(({ reference }) => reference)).toEqual(references);
    const global = JSON.stringify({ auths: one.global });
    expect(written(decided)).toEqual(modelAuths(one.secrets, global, references, name));
  }),

  property(
    'no endpoint is given a credential that was meant for another host or repository',
    pull,
    async (one) => {
      const { endpoints, choice, image } = await decide(one);
      for (const { reference, credential } of endpoints) {
        if (credential?.origin.kind !== 'secret') continue;
        expect([credential.origin.secretKey, reference]).toSatisfy(([key = '', to = '']) =>
          mayGive(key, to),
        );
      }
      const targets = [...endpoints.map(({ reference }) => reference), modelName(image)];
      for (const { key, secretKey } of choice?.chosen.values() ?? []) {
        expect([key, secretKey]).toSatisfy(() =>
          targets.some((to) => mayGive(key, to) && mayGive(secretKey, to)),
        );
      }
    },
  ),

  property('neither the log nor the answer shows a credential', pull, async (one) => {
    const decided = await decide(one);
    const options = { registriesConf: '/registries.conf', logLevel: 'debug' } as const;
    const log = planSentences(decided, options).map(({ text }) => text);
    const answer = JSON.stringify(respond(decided, { imageAccess: 'service-account' }));
    const shown = [...log, answer].join('\n');
    expect(shown).not.toContain(MARKER);
    expect(shown).not.toContain(base64(`u:${MARKER}`).slice(4, -4));
    expect(log.filter((line) => /[\p{Cc}\u2028\u2029]/u.test(line))).toEqual([]);
    const isPrivate = (decided.choice?.chosen.size ?? 0) > 0;
    expect(answer.includes('"auth"')).toBe(isPrivate);
  }),
];
