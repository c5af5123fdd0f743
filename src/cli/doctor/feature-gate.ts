import { plain } from '../../diagnostics/plain.ts';
import { type ComponentVersion, isAtLeast, versionOnDisk } from '../../node/component-versions.ts';
import { type KubeletSettings, kubeletSettings } from '../../node/kubelet-settings.ts';
import { TOKEN_FEATURE_GATE } from '../../platform/feature-gate.ts';
import { broken, type Outcome, type Outcomes, ok, type Remedy, unknown } from './check.ts';
import type { NodeCheck } from './node-check.ts';
import { type NodeWorld, providersOf } from './node-world.ts';
import { versionOfRunning } from './running-version.ts';

/** Whether this kubelet sends tokens to plugins: with its gate in 1.33, by default from 1.34 on. */
export const featureGate: NodeCheck = { id: 'feature-gate', look };

async function look(world: NodeWorld): Promise<Outcomes> {
  const providers = providersOf(world);
  const isNeeded = providers.some(({ tokenAttributes }) => tokenAttributes !== undefined);
  if (providers.length > 0 && !isNeeded) return [];
  const { tree, kind, commandLine } = world;
  const settings = kubeletSettings(tree, kind, commandLine);
  const version = await kubeletVersion(world);
  return judge(world, settings, version);
}

async function kubeletVersion(world: NodeWorld): Promise<ComponentVersion | undefined> {
  // MicroShift's own version is another one.
  const running =
    world.kind === 'microshift' ? undefined : await versionOfRunning(world, world.running);
  return running ?? versionOnDisk(world.tree, world.kind, 'kubelet');
}

function judge(
  world: NodeWorld,
  settings: KubeletSettings,
  version: ComponentVersion | undefined,
): Outcome {
  const gate = settings.featureGates.get(TOKEN_FEATURE_GATE);
  const told = version === undefined ? 'the kubelet' : `the kubelet ${plain(version.text)}`;
  if (version !== undefined && !isAtLeast(version, 1, 33)) {
    return broken(`${told} sends no tokens to plugins`, {
      change: 'upgrade this node to Kubernetes 1.34 or later',
    });
  }
  if (gate === false) {
    const text = `${TOKEN_FEATURE_GATE} is off, so ${told} sends no tokens to plugins`;
    return broken(text, switchingOn(world, settings));
  }
  if (gate === true) return ok(`${told} sends tokens: ${TOKEN_FEATURE_GATE} is on`);
  if (version === undefined) {
    return unknown(
      'nothing here tells the kubelet’s version: 1.34 sends tokens by itself, 1.33 needs a feature gate',
      { change: `run kubelet --version there; for 1.33 switch ${TOKEN_FEATURE_GATE} on` },
    );
  }
  if (isAtLeast(version, 1, 34)) return ok(`${told} sends tokens to plugins by itself`);
  const text = `${told} sends tokens to plugins only with ${TOKEN_FEATURE_GATE}, which is not on`;
  return broken(text, switchingOn(world, settings));
}

function switchingOn({ kind, service }: NodeWorld, { file }: KubeletSettings): Remedy {
  if (kind === 'openshift') return { command: 'pullkey render feature-gate | oc apply -f -' };
  const gate = `${TOKEN_FEATURE_GATE}: true`;
  const place =
    kind === 'microshift'
      ? '/etc/microshift/config.yaml, as kubelet.featureGates'
      : `${plain(file ?? 'the KubeletConfiguration')}, as featureGates`;
  const change = `write ${gate} into ${place}; then systemctl restart ${service}`;
  return kind === 'k3s'
    ? {
        change: `write kubelet-arg: ["feature-gates=${TOKEN_FEATURE_GATE}=true"] into /etc/rancher/k3s/config.yaml; then systemctl restart ${service}`,
      }
    : { change };
}
