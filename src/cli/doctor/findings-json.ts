import type { Finding } from './check.ts';
import { isAnythingBroken } from './run-checks.ts';

/** Findings for programs: `ok` is the exit code, `checks` come in their order; a remedy is a command or a change. */
export function findingsJson(findings: readonly Finding[]): string {
  const checks = findings.map(({ check, verdict, text, remedy, details }) => ({
    check,
    verdict,
    text,
    remedy: remedy ?? null,
    ...(details === undefined ? {} : { details }),
  }));
  return `${JSON.stringify({ ok: !isAnythingBroken(findings), checks }, null, 2)}\n`;
}
