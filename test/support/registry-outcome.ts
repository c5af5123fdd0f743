import { RegistryError } from '../../src/distribution/registry-error.ts';

/** `pulled`, or reason and summary of a registry's refusal; any other error is thrown on. */
export async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'pulled';
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return `${error.reason}: ${error.summary}`;
  }
}
