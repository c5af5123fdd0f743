import { readFileSync } from 'node:fs';
import { plain } from '../../diagnostics/plain.ts';
import { lintRegistriesConf } from '../../platform/lint/lint-registries-conf.ts';
import { RegistriesConfError } from '../../registries/errors.ts';
import type { RegistriesConfig } from '../../registries/load.ts';
import { broken, type Outcome, type Outcomes, ok, warning } from './check.ts';
import type { NodeCheck } from './node-check.ts';
import { nodeRegistries, rewrittenRegistries } from './node-registries.ts';
import { type NodeWorld, onNode, usesMirrorProvider } from './node-world.ts';
import { withAdvice } from './remedies.ts';

/** Whether CRI-O can load registries.conf with its drop-ins, and anything is mirrored in it. */
export const registriesConf: NodeCheck = { id: 'registries-conf', look };

function look(world: NodeWorld): Outcomes {
  if (!usesMirrorProvider(world)) return [];
  const config = loaded(world);
  if ('verdict' in config) return config;
  const warnings = config.files.flatMap((file) => warningsOn(world, file));
  const count = rewrittenRegistries(config).length;
  if (count === 0) return [nothingMirrored(world, config), ...warnings];
  if (warnings.length > 0) return warnings;
  const files = config.files.map((file) => plain(onNode(world, file))).join(', ');
  return ok(`${count} ${count === 1 ? 'prefix has' : 'prefixes have'} mirrors, in ${files}`);
}

function loaded(world: NodeWorld): RegistriesConfig | Outcome {
  try {
    return nodeRegistries(world);
  } catch (error) {
    if (!(error instanceof RegistriesConfError)) throw error;
    const { text, remedy } = withAdvice(onNode(world, error.message));
    return broken(`CRI-O refuses ${text}`, remedy ?? { change: 'correct it' });
  }
}

function nothingMirrored(world: NodeWorld, { files }: RegistriesConfig): Outcome {
  const { registriesConf: main } = world.plugin.options;
  const names = files.map((file) => plain(onNode(world, file))).join(', ');
  const text =
    files.length === 0
      ? `there is neither ${plain(main)} nor a drop-in, so nothing is mirrored`
      : `no entry of ${names} has a mirror or another location`;
  return warning(text, {
    change: 'write one: "pullkey install --mirror docker.io=HOST:PORT" adds a drop-in',
  });
}

function warningsOn(world: NodeWorld, file: string): readonly Outcome[] {
  return lintRegistriesConf(file, readFileSync(file)).findings.map(({ position, message }) => {
    const place = position === undefined ? '' : `:${position.line}:${position.column}`;
    const { text, remedy } = withAdvice(message);
    return warning(`${plain(onNode(world, file))}${place}: ${text}`, remedy);
  });
}
