import { errorCode, Failure } from '../../diagnostics/errors.ts';
import { wordsWithCode } from '../../diagnostics/system-reason.ts';
import { type Check, type Finding, type Outcomes, unknown } from './check.ts';

/** Runs checks one after the other; `onBegin` is told which one is next. */
export async function runChecks<World>(
  checks: readonly Check<World>[],
  world: World,
  onBegin: (id: string) => void = () => undefined,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) {
    onBegin(check.id);
    const outcomes = [await outcomesOf(check, world)].flat();
    findings.push(...outcomes.map((outcome) => ({ check: check.id, ...outcome })));
  }
  return findings;
}

/** What a check cannot look at must not hide what the others see. */
async function outcomesOf<World>(check: Check<World>, world: World): Promise<Outcomes> {
  try {
    return await check.look(world);
  } catch (error) {
    if (error instanceof Failure) return unknown(error.message);
    const code = errorCode(error);
    if (code === undefined) throw error;
    return unknown(`the system refuses to show it: ${wordsWithCode(code)}`, {
      change: 'run this as root',
    });
  }
}

/** Whether pulls can be expected to work. */
export function isAnythingBroken(findings: readonly Finding[]): boolean {
  return findings.some(({ verdict }) => verdict === 'broken');
}
