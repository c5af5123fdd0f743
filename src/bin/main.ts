import { crioCredentialProvider } from './crio-credential-provider.ts';
import { closeRuntimeDoors } from './environment.ts';

closeRuntimeDoors(process.env);
const args = process.argv.slice(2);
process.exit(await run(process.argv0.slice(process.argv0.lastIndexOf('/') + 1)));

/** The name that the executable was started as chooses the program; a plugin loads nothing of the rest. */
async function run(name: string): Promise<number> {
  if (name === 'crio-credential-provider') return crioCredentialProvider(args);
  const { runPullkey } = await import('../cli/main.ts');
  return runPullkey(args);
}
