import type { StandardInput } from '../kubelet/read-request.ts';
import { crioCredentialProvider } from './crio-credential-provider.ts';
import { closeRuntimeDoors } from './environment.ts';

const args = process.argv.slice(2);
const stdin: StandardInput = { fd: 0, stream: () => Bun.stdin.stream() };
process.exit(await run(process.argv0.slice(process.argv0.lastIndexOf('/') + 1)));

/** The name that the executable was started as chooses the program; the plugins load nothing of the rest. */
async function run(name: string): Promise<number> {
  if (name === 'generic-credential-provider') {
    const { genericCredentialProvider } = await import('./generic-credential-provider.ts');
    return genericCredentialProvider(args, stdin);
  }
  if (name === 'crio-credential-provider') return crioCredentialProvider(args, stdin);
  closeRuntimeDoors(process.env);
  const { runPullkey } = await import('../cli/main.ts');
  return runPullkey(args, process.env);
}
