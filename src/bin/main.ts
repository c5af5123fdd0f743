import { runPullkey } from '../cli/main.ts';

process.exitCode = await runPullkey(process.argv.slice(2));
