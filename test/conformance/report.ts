// `make conformance`: a line per file, `N passed, M failed`; the failures are told on standard error.
import { relative } from 'node:path';
import { runFile } from './run.ts';
import { conformanceFiles } from './suite.ts';

let failed = false;
for (const file of conformanceFiles()) {
  const name = relative(process.cwd(), file.path);
  const verdict = await runFile(file);
  if (verdict === undefined) {
    console.log(`${name}: nothing here checks the suite "${file.suite}" yet`);
    continue;
  }
  console.log(`${name}: ${verdict.passed} passed, ${verdict.failures.length} failed`);
  for (const failure of verdict.failures) console.error(`  ${failure}`);
  failed ||= verdict.failures.length > 0 || file.cases.length === 0;
}
process.exitCode = failed ? 1 : 0;
