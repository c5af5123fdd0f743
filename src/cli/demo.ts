import { Command } from 'commander';
import { Failure } from '../diagnostics/errors.ts';
import { writeAll } from '../diagnostics/output.ts';
import { stopSignal } from './stop-signal.ts';

/** `pullkey demo`: the plugin's whole job on this machine, without a cluster. */
export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'Pull an image through a mirror with a password, once with a namespace’s credential and once without',
    )
    .option('--keep', 'keep the demo’s node until Ctrl-C, to try more on it')
    .action(runDemo);
}

async function runDemo({ keep }: { readonly keep?: true }): Promise<void> {
  // Only this command needs it: it is large.
  const { demonstrate } = await import('../demo/demonstration.ts');
  const isShown = await demonstrate((text) => writeAll(1, text), keep && stopSignal);
  if (!isShown) {
    throw new Failure(
      'the demo did not come out as it should; please report what it printed above',
    );
  }
}
