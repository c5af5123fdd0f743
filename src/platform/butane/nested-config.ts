import { isJsonObject } from '../../diagnostics/json.ts';
import type { Resource } from './config.ts';
import type { Report } from './report.ts';
import type { Path } from './source-node.ts';
import { type Dialect, semanticVersion } from './versions.ts';

/**
 * Checks an Ignition config that is written inline in another's `ignition.config`: that it is JSON, and of
 * the version that this one becomes. Butane looks at all of its fields as well.
 */
export function nestedConfigRule(
  { inline }: Resource,
  path: Path,
  report: Report,
  dialect: Dialect,
): void {
  if (inline === undefined || path[0] !== 'ignition' || path[1] !== 'config') return;
  const version = versionOf(new TextDecoder().decode(inline));
  if (version === undefined) {
    report.error([...path, 'inline'], 'config is not valid');
    return;
  }
  const semantic = semanticVersion(version);
  if (semantic === undefined) {
    report.error(['ignition', 'version'], "invalid config version (couldn't parse)");
  } else if (semantic !== dialect.ignition) {
    const message =
      'skipping validation for the merge/replace ignition config due to an unkown version';
    report.warn([...path, 'version'], message);
  }
}

/** The version that an Ignition config says, perhaps empty; undefined where it is no JSON object. */
function versionOf(config: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(config);
    if (!isJsonObject(parsed)) return undefined;
    const { ignition } = parsed;
    const version = isJsonObject(ignition) ? ignition['version'] : undefined;
    return typeof version === 'string' ? version : '';
  } catch {
    return undefined;
  }
}
