import { Failure } from '../diagnostics/errors.ts';
import { type ConfigRemark, judgeConfig } from '../kubelet/read-config.ts';
import type { ExistingConfig } from '../platform/merge-providers.ts';
import { MIRROR_PROVIDER } from '../platform/overlay.ts';
import { inputName, readInput } from './input.ts';

/**
 * Reads a CredentialProviderConfig to add to. Throws a Failure with every problem's place where the
 * kubelet would refuse it, or would ignore a part of it that must not get lost.
 */
export function readExistingConfig(path: string): ExistingConfig {
  const text = readInput(path);
  const existing = { path: inputName(path), text };
  refuseUnlessAccepted(existing);
  return existing;
}

/** The audience of the mirror provider in it; undefined where it has none. */
export function presentAudience({ path, text }: ExistingConfig): string | undefined {
  const verdict = judgeConfig([{ path, bytes: Buffer.from(text) }]);
  const providers = verdict.ok ? verdict.config.providers : [];
  const ours = providers.find(({ name }) => name === MIRROR_PROVIDER);
  return ours?.tokenAttributes?.serviceAccountTokenAudience;
}

/** Throws a Failure where the kubelet would refuse a configuration, or ignore a part of it. */
export function refuseUnlessAccepted({ path, text }: ExistingConfig): void {
  const verdict = judgeConfig([{ path, bytes: Buffer.from(text) }]);
  const remarks = verdict.ok ? verdict.notes : verdict.problems;
  if (remarks.length > 0) throw new Failure(remarks.map(placed).join('\n'));
}

function placed({ file, position, message }: ConfigRemark): string {
  return `${file}:${position.line}:${position.column}: ${message}`;
}
