import { plain } from '../diagnostics/plain.ts';
import { quote } from '../diagnostics/quote.ts';
import type { RegistriesConfig } from '../registries/load.ts';
import { locateEntry } from '../registries/locate.ts';
import type { Resolution } from '../registries/resolve.ts';

type Line = readonly [label: string, text: string];

/** What `pullkey registries resolve` prints for people; `image` is the text that was asked for. */
export function resolutionText(
  config: RegistriesConfig,
  image: string,
  resolution: Resolution,
): string {
  const lines: Line[] = [
    ['image', imageText(image, resolution)],
    ['registry', registryText(config, resolution)],
    ...sourceLines(resolution),
  ];
  return lines.map(([label, text]) => `${label.padEnd(10)}${text}\n`).join('');
}

function imageText(image: string, { reference, referenceError }: Resolution): string {
  return reference ?? `${quote(image)} is no image reference: ${referenceError}`;
}

function registryText(config: RegistriesConfig, { registry }: Resolution): string {
  if (registry === null) return 'none matches; the image is pulled from where its name says';
  const file = config.registries.find(({ prefix }) => prefix === registry.prefix)?.file ?? '';
  const line = locateEntry(file, registry.prefix)?.line;
  const place = line === undefined ? plain(file) : `${plain(file)}:${line}`;
  return `${plain(registry.prefix)} (${place})`;
}

function sourceLines({ registry, pullSources, pullSourcesError }: Resolution): Line[] {
  if (registry?.blocked) return [['blocked', 'nothing is pulled from this registry']];
  if (pullSourcesError !== undefined) return [['error', `nothing is pulled: ${pullSourcesError}`]];
  const last = (pullSources?.length ?? 0) - 1;
  return (pullSources ?? []).map(({ reference, insecure }, index) => [
    index === last ? 'primary' : 'mirror',
    insecure ? `${reference} (insecure)` : reference,
  ]);
}
