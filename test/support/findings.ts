import type { Finding } from '../../src/platform/lint/finding.ts';

/** Each finding as `line:column severity rule`. */
export function told(findings: readonly Finding[]): string[] {
  return findings.map(({ position, severity, rule }) => {
    const place = position === undefined ? '' : `${position.line}:${position.column} `;
    return `${place}${severity} ${rule}`;
  });
}
