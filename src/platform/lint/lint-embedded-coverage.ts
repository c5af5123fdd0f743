import { judgeConfig } from '../../kubelet/read-config.ts';
import { parseRegistriesConf } from '../../registries/conf-file.ts';
import { RegistriesConfError } from '../../registries/errors.ts';
import type { Finding } from './finding.ts';
import { lintCoverage, type MirrorSource, mirrorPatterns } from './lint-coverage.ts';
import { isProviderConfig, isRegistriesConf } from './lint-node-file.ts';

/** A file of a node by its path there. */
export interface NodeFile {
  readonly path: string;
  readonly content: Uint8Array | undefined;
}

/**
 * Mirrored prefixes that no pattern covers, where a MachineConfig brings mirrors and the kubelet's patterns
 * together; `file` of a finding is the path on the node.
 */
export function embeddedCoverage(files: readonly NodeFile[]): readonly Finding[] {
  const patterns = files.flatMap(({ path, content }) => {
    if (content === undefined || !isProviderConfig(path)) return [];
    const verdict = judgeConfig([{ path, bytes: content }]);
    return (verdict.ok ? mirrorPatterns(verdict.config) : undefined) ?? [];
  });
  return patterns.length === 0 ? [] : lintCoverage(files.flatMap(mirrorSource), patterns);
}

function mirrorSource({ path, content }: NodeFile): readonly MirrorSource[] {
  if (content === undefined || !isRegistriesConf(path)) return [];
  try {
    return [{ conf: parseRegistriesConf(path, content), text: new TextDecoder().decode(content) }];
  } catch (error) {
    // What it has wrong is told where files are judged one by one.
    if (error instanceof RegistriesConfError) return [];
    throw error;
  }
}
