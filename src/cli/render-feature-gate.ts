import { Command } from 'commander';
import { FEATURE_GATE_WARNING, featureGateDocument } from '../platform/feature-gate.ts';
import { outputFormat } from './output-format.ts';
import { note, printDocuments } from './print-documents.ts';

/** `pullkey render feature-gate`: what OpenShift before 4.21 needs. */
export function renderFeatureGateCommand(): Command {
  return new Command('feature-gate')
    .summary("OpenShift's feature gate for tokens, before 4.21")
    .description(
      `Print OpenShift's FeatureGate that lets kubelets pass tokens to credential providers. ${FEATURE_GATE_WARNING.join(' ')}`,
    )
    .addOption(outputFormat('yaml', 'json'))
    .action(({ output }: { readonly output: string }) => {
      for (const sentence of FEATURE_GATE_WARNING) note(sentence);
      printDocuments([featureGateDocument()], output);
    });
}
