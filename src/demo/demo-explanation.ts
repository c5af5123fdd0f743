import { DEMO_IMAGE, type DemoCluster } from './demo-cluster.ts';

/** What `pullkey explain` says of a namespace's pull. */
export interface DemoExplanation {
  /** As a person types it on the node. */
  readonly command: readonly string[];
  readonly answer: string;
  /** Whether it says that a credential is missing. */
  readonly isNo: boolean;
}

const NEGATIVE_EXIT_CODE = 1;

/** Explains the demo's pull, as another process on its node. */
export async function explainPull(
  { credentialProviderConfig }: DemoCluster,
  namespace: string,
): Promise<DemoExplanation> {
  const command = ['explain', DEMO_IMAGE, '-n', namespace, '--probe'];
  const flag = `--credential-provider-config=${credentialProviderConfig}`;
  const explain = Bun.spawn([process.execPath, ...command, flag], {
    argv0: 'pullkey',
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const answer = await explain.stdout.text();
  return { command, answer, isNo: (await explain.exited) === NEGATIVE_EXIT_CODE };
}
