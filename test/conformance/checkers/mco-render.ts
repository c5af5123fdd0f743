import { builtInProvider } from '../../../src/platform/built-in-providers.ts';
import { conditionOf } from '../../../src/platform/conditions.ts';
import {
  kubeletUnitLine,
  OPENSHIFT_DROP_IN,
  templateMachineConfig,
} from '../../../src/platform/kubelet-unit.ts';
import { operatorsMachineConfigName } from '../../../src/platform/machine-config.ts';
import { readOriginalConfig } from '../../../src/platform/original-config.ts';
import { overlayProvider } from '../../../src/platform/overlay.ts';
import { platformProblem } from '../../../src/platform/platform-type.ts';
import { isNestedScope } from '../../../src/platform/scope.ts';
import { difference } from '../difference.ts';
import { type GoArgument, goFormat } from '../go-format.ts';
import type { ConformanceCase } from '../suite.ts';
import { checkSync, type SyncCase } from './mco-sync.ts';

interface Pool {
  readonly name: string;
}

interface ConditionInput {
  readonly conditionType: '' | 'Validated' | 'MachineConfigRendered';
  readonly reason: string;
  readonly errorText?: string;
  readonly messageFormat?: string;
  readonly messageArgs?: readonly GoArgument[];
}

type RenderCase = ConformanceCase &
  (
    | SyncCase
    | {
        readonly kind: 'update';
        readonly input: { readonly originalYaml: string; readonly newImages: readonly string[] };
        readonly expect: {
          readonly yaml: string | null;
          readonly overlapped: readonly string[];
          readonly error?: string;
        };
      }
    | {
        readonly kind: 'scope';
        readonly input: { readonly subScope: string; readonly superScope: string };
        readonly expect: unknown;
      }
    | { readonly kind: 'condition'; readonly input: ConditionInput; readonly expect: unknown }
    | { readonly kind: 'dropin'; readonly expect: unknown }
    | { readonly kind: 'key'; readonly input: PoolsInput; readonly expect: unknown }
    | { readonly kind: 'base'; readonly input: BaseInput; readonly expect: BaseOutcome }
  );

interface PoolsInput {
  readonly pools: readonly Pool[];
}

interface BaseInput extends PoolsInput {
  readonly platform: string;
}

interface BaseOutcome {
  readonly error?: string;
}

/** One answer of the machine-config-operator's renderer, to the letter but for its YAML parser's words. */
export function checkMcoRender(recorded: ConformanceCase): string | undefined {
  const one = recorded as RenderCase;
  switch (one.kind) {
    case 'sync':
      return checkSync(one);
    case 'update':
      return difference(withoutParserWords(update(one.input)), withoutParserWords(one.expect));
    case 'scope':
      return difference(
        { nested: isNestedScope(one.input.subScope, one.input.superScope) },
        one.expect,
      );
    case 'condition':
      return difference(condition(one.input), one.expect);
    case 'dropin':
      return difference({ content: OPENSHIFT_DROP_IN }, one.expect);
    case 'key':
      return difference({ name: operatorsMachineConfigName(firstPool(one.input)) }, one.expect);
    case 'base':
      return difference(base(one.input), one.expect);
  }
}

interface UpdateOutcome {
  readonly yaml: string | null;
  readonly overlapped: readonly string[];
  readonly error?: string;
}

function update({
  originalYaml,
  newImages,
}: {
  readonly originalYaml: string;
  readonly newImages: readonly string[];
}): UpdateOutcome {
  const original = readOriginalConfig(originalYaml);
  if ('error' in original) return { error: original.error, overlapped: [], yaml: null };
  const { yaml, overlapped } = overlayProvider(original, newImages);
  return { overlapped, yaml: yaml ?? null };
}

function withoutParserWords(outcome: UpdateOutcome): UpdateOutcome {
  if (outcome.error === undefined) return outcome;
  return { ...outcome, error: outcome.error.replace(/(YAML to JSON: yaml: line \d+: ).*/s, '$1') };
}

function condition(input: ConditionInput): unknown {
  const { conditionType, reason, errorText, messageFormat = '', messageArgs = [] } = input;
  const message = messageArgs.length === 0 ? messageFormat : goFormat(messageFormat, messageArgs);
  const type = conditionType || 'MachineConfigRendered';
  return conditionOf(
    { type, reason, message, ...(errorText === undefined ? {} : { error: errorText }) },
    0,
  );
}

function firstPool({ pools }: PoolsInput): string {
  return pools[0]?.name ?? '';
}

function base(input: BaseInput): unknown {
  const error = platformProblem(input.platform);
  if (error !== undefined) return { error };
  const pool = firstPool(input);
  const line = kubeletUnitLine(input.platform, pool);
  const builtIn = builtInProvider(input.platform);
  const file = builtIn && {
    content: builtIn.config,
    machineConfig: templateMachineConfig(pool),
    mode: 0o644,
    overwrite: true,
    path: builtIn.configFile,
  };
  return {
    files: file === undefined ? [] : [file],
    kubeletUnitLines: line === undefined ? [] : [line],
  };
}
