import { expect } from 'bun:test';
import fc from 'fast-check';
import { chooseCredentials } from '../../src/credentials/choose.ts';
import { targetOf } from '../../src/credentials/match.ts';
import { decodePullSecret } from '../../src/credentials/pull-secret.ts';
import { isJsonObject } from '../../src/diagnostics/json.ts';
import { quote } from '../../src/diagnostics/quote.ts';
import { decodeGlobalAuths } from '../../src/providers/auths.ts';
import { parseRegistriesConf } from '../../src/registries/conf-file.ts';
import { RegistriesConfError } from '../../src/registries/errors.ts';
import { anyJson, anyText, damaged } from './arbitraries.ts';
import { type Property, property, unlessRefused } from './property.ts';

const FILE = '/etc/containers/registries.conf';

const CONF = `unqualified-search-registries = ["docker.io"]
short-name-mode = "enforcing" # comment
[[registry]]
prefix = "*.example.com"
location = "mirror.example/hub"
insecure = true
[[registry.mirror]]
location = 'localhost:5000'
pull-from-mirror = "digest-only"
[aliases]
"nginx" = """docker.io/library/nginx"""
`;

async function expectConfOrPlace(bytes: Uint8Array): Promise<void> {
  const conf = await unlessRefused(() => {
    try {
      return parseRegistriesConf(FILE, bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(RegistriesConfError);
      expect(String(error)).toContain(FILE);
      throw error;
    }
  });
  for (const { prefix, location } of conf?.registries ?? []) {
    expect(prefix !== '' || location !== '').toBe(true);
  }
}

const junkSecret = fc.record({
  name: anyText,
  type: fc.constantFrom('kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg', ''),
  data: fc.dictionary(
    fc.constantFrom('.dockerconfigjson', '.dockercfg', '__proto__', 'constructor'),
    fc.oneof(
      anyJson,
      anyText,
      anyJson.map((one) => Buffer.from(JSON.stringify(one) ?? '').toString('base64')),
      fc
        .dictionary(anyText, anyJson)
        .map((auths) => Buffer.from(JSON.stringify({ auths })).toString('base64')),
    ),
  ),
});

export const TEXT_PROPERTIES: readonly Property[] = [
  property(
    'any bytes are read or refused as a registries.conf',
    fc.uint8Array({ maxLength: 80 }),
    expectConfOrPlace,
  ),

  property('any text is read or refused as a registries.conf', anyText, (text) =>
    expectConfOrPlace(Buffer.from(text)),
  ),

  property(
    'a damaged registries.conf is read or refused, with its place',
    damaged(fc.constant(CONF)),
    (text) => expectConfOrPlace(Buffer.from(text)),
  ),

  property(
    'any Secret is read or skipped, with a reason',
    fc.array(junkSecret, { maxLength: 3 }),
    (secrets) => {
      const decoded = secrets.map((one) => decodePullSecret(one, true));
      const choice = chooseCredentials(decoded, [targetOf('localhost:5000/library/nginx')]);
      for (const [index, { problem, entries }] of decoded.entries()) {
        expect(entries.length === 0 || problem === undefined).toBe(true);
        expect(choice.secrets[index]?.candidates.length).toBe(entries.length);
      }
    },
  ),

  property('any entries are read or skipped as the global auth file’s', anyJson, (value) => {
    if (!isJsonObject(value)) return;
    const { auths, unusable } = decodeGlobalAuths(value);
    expect(auths.size + unusable.size).toBe(Object.keys(value).length);
  }),

  property(
    'any text is quoted in one line of printable characters',
    fc.oneof(
      anyText,
      anyText.map((text) => text.repeat(50)),
    ),
    (text) => {
      const quoted = quote(text);
      expect(quoted).toMatch(/^"[^\p{C}\p{Zl}\p{Zp}]*"( \(\d+ characters\))?$/u);
      expect(quoted.length).toBeLessThan(10 * 300 + 40);
    },
  ),
];
