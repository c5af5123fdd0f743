import { Command } from 'commander';
import { UsageError } from '../diagnostics/errors.ts';
import { InvalidReference, parseReference } from '../image/reference.ts';
import { type TestPod, testPodDocument } from '../platform/test-pod.ts';
import { labelValue, nameValue } from './option-values.ts';
import { outputFormat } from './output-format.ts';
import { printDocuments } from './print-documents.ts';

/** `pullkey render test-pod`: one pull, on one node. */
export function renderTestPodCommand(): Command {
  return new Command('test-pod')
    .summary('a pod that pulls one image on one node')
    .description('Print a Pod that pulls one image, on the node given.')
    .option('--name <name>', 'of the pod', nameValue, 'pullkey-test')
    .option('--namespace <name>', 'of the pod', labelValue, 'default')
    .option('--service-account <name>', 'of the pod', nameValue, 'default')
    .option('--image <reference>', 'to pull', imageValue, 'docker.io/library/nginx')
    .option('--node <name>', 'to run on', nameValue)
    .addOption(outputFormat('yaml', 'json'))
    .action(({ output, ...pod }: TestPod & { readonly output: string }) => {
      printDocuments([testPodDocument(pod)], output);
    });
}

function imageValue(value: string): string {
  try {
    parseReference(value);
    return value;
  } catch (error) {
    if (!(error instanceof InvalidReference)) throw error;
    throw new UsageError(`--image: ${error.message}`);
  }
}
