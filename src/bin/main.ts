import { crioCredentialProvider } from '#crio-credential-provider';
import type { StandardInput } from '../kubelet/read-request.ts';
import { closeRuntimeDoors } from './environment.ts';

const args = process.argv.slice(2);
const stdin: StandardInput = { fd: 0, stream: () => Bun.stdin.stream() };
process.exit(await run(process.argv0.slice(process.argv0.lastIndexOf('/') + 1)));

/** The name that the executable was started as chooses the program; the plugins load nothing of the rest. */
function run(name: string): Promise<number> {
  if (name === 'crio-credential-provider') return crioCredentialProvider(args, stdin);
  return name === 'generic-credential-provider' ? runGeneric() : runAdmin();
}

async function runGeneric(): Promise<number> {
  const { genericCredentialProvider } = await import('#generic-credential-provider');
  return genericCredentialProvider(args, stdin);
}

async function runAdmin(): Promise<number> {
  closeRuntimeDoors(process.env);
  const { runPullkey } = await import('../cli/main.ts');
  return runPullkey(args, process.env);
}
