import { Command } from 'commander';
import type { Environment } from '../providers/credential-helper.ts';
import { renderContainerfileCommand } from './render-containerfile.ts';
import { renderCredentialProviderConfigCommand } from './render-credential-provider-config.ts';
import { renderFeatureGateCommand } from './render-feature-gate.ts';
import { renderKubeletDropInCommand } from './render-kubelet-drop-in.ts';
import { renderMachineConfigCommand } from './render-machine-config.ts';
import { renderManifestsCommand } from './render-manifests.ts';
import { renderPullSecretCommand } from './render-pull-secret.ts';
import { renderRbacCommand } from './render-rbac.ts';
import { renderRegistriesConfCommand } from './render-registries-conf.ts';
import { renderTestPodCommand } from './render-test-pod.ts';

const RENDERERS: readonly ((environment: Environment) => Command)[] = [
  renderCredentialProviderConfigCommand,
  renderMachineConfigCommand,
  renderRbacCommand,
  renderRegistriesConfCommand,
  renderPullSecretCommand,
  renderTestPodCommand,
  renderFeatureGateCommand,
  renderKubeletDropInCommand,
  renderContainerfileCommand,
  renderManifestsCommand,
];

/** `pullkey render`: what an administrator applies to nodes and clusters, ready to read and to pipe. */
export function renderCommand(environment: Environment): Command {
  const render = new Command('render')
    .summary('Print configuration for nodes and clusters')
    .description(
      'Print configuration for nodes and clusters. Nothing is written or applied: redirect the output, or pipe it to oc or kubectl.',
    );
  for (const renderer of RENDERERS) render.addCommand(renderer(environment));
  return render;
}
