import { keyMatches, type Target, targetOf } from '../../credentials/match.ts';
import { nearMiss } from '../../credentials/near-miss.ts';
import { parseRegistryKey } from '../../credentials/registry-key.ts';
import { plain } from '../../diagnostics/plain.ts';
import type { MirrorPlan } from '../../providers/mirror-plan.ts';
import { RegistriesConfError } from '../../registries/errors.ts';
import { matchedLength } from '../../registries/find.ts';
import type { RegistriesConfig, ReplacedRegistry } from '../../registries/load.ts';
import { locateEntry } from '../../registries/locate.ts';
import type { Registry } from '../../registries/registry.ts';
import type { Finding, RegistriesPart } from './explanation.ts';
import { bad, good, note, placeText } from './findings.ts';

const MOST_NEAR = 3;

/**
 * Says which entry of registries.conf decides over an image, what replaced it, and what nearly does. `missing`
 * is what flags name and is not there.
 */
export function registriesPart(
  plan: MirrorPlan,
  name: string,
  missing: readonly Finding[] = [],
): RegistriesPart {
  const { registries, registry } = plan;
  if (registries === undefined) return unread(plan);
  const { files } = registries;
  if (files.length === 0) {
    const none = note('there is none: every image is pulled from where its name says');
    return { files, findings: missing.length > 0 ? missing : [none] };
  }
  const findings = [
    ...missing,
    ...(registry === undefined
      ? withoutEntry(registries, targetOf(name))
      : [entryFinding(registry), ...lessSpecific(registries, registry, name)]),
    ...registries.replaced.filter(isFor(registry, name)).map(replacement),
    ...registries.masked.map(({ file, by }) =>
      note(`${plain(file)} is not read: ${plain(by)} has its name`),
    ),
  ];
  if (registry === undefined) return { files, findings };
  const { prefix, location, blocked, file } = registry;
  return { files, entry: { prefix, location, blocked, file, line: lineOf(registry) }, findings };
}

function unread({ failure, outcome }: MirrorPlan): RegistriesPart {
  const isBroken = failure instanceof RegistriesConfError;
  const why = outcome === 'no-token' ? ', because the request has no token' : '';
  return { files: [], findings: [isBroken ? bad(failure.message) : note(`not looked at${why}`)] };
}

function entryFinding(registry: Registry): Finding {
  const entry = `entry ${plain(registry.prefix)} (${place(registry)})`;
  if (registry.blocked) return bad(`${entry} blocks the image: nothing is pulled`);
  const mirrors = registry.mirrors.length;
  const { location, prefix } = registry;
  const remap = location === '' || location === prefix ? '' : `, remapped to ${plain(location)}`;
  const count = mirrors === 0 ? 'no mirrors' : mirrors === 1 ? '1 mirror' : `${mirrors} mirrors`;
  return good(`${entry} applies: ${count}${remap}`);
}

/** Entries that match too; nothing of them is inherited, which surprises people. */
function lessSpecific(config: RegistriesConfig, registry: Registry, name: string): Finding[] {
  return config.registries
    .filter((one) => one !== registry && matchedLength(name, one.prefix) !== undefined)
    .map((one) =>
      note(
        `entry ${plain(one.prefix)} (${place(one)}) is less specific: nothing of it applies, its mirrors neither`,
      ),
    );
}

function withoutEntry({ registries }: RegistriesConfig, target: Target): Finding[] {
  const near = registries.flatMap((registry) => nearlyFor(registry, target));
  const none = 'no entry applies: the image is pulled from where its name says';
  return [note(none), ...near.slice(0, MOST_NEAR)];
}

function nearlyFor(registry: Registry, target: Target): Finding[] {
  const { prefix } = registry;
  // A wildcard of a prefix covers other names than one of a key.
  if (prefix.startsWith('*.')) return [];
  const miss = nearMiss(prefix, target);
  const entry = () => `entry ${plain(prefix)} (${place(registry)})`;
  if (miss !== undefined) return [note(`${entry()} ${miss.text}; write ${plain(miss.write)}`)];
  // A Secret's key may be written so, a prefix may not.
  if (!keyMatches(parseRegistryKey(prefix), target)) return [];
  return [note(`${entry()} is compared as text; write ${plain(target.host)}`)];
}

function isFor(registry: Registry | undefined, name: string) {
  return ({ registry: replaced }: ReplacedRegistry): boolean =>
    registry === undefined
      ? matchedLength(name, replaced.prefix) !== undefined
      : replaced.prefix === registry.prefix;
}

function replacement({ registry, by }: ReplacedRegistry): Finding {
  const entry = `entry ${plain(registry.prefix)}`;
  if (registry.file === by.file) {
    return note(`a further ${entry} in ${plain(by.file)} does not count: the first one does`);
  }
  return note(`${entry} (${place(registry)}) is replaced as a whole by ${place(by)}`);
}

function place(registry: Registry): string {
  return placeText(registry.file, lineOf(registry));
}

function lineOf({ file, prefix }: Registry): number | undefined {
  return locateEntry(file, prefix)?.line;
}
