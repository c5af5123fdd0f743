import { plain } from '../../diagnostics/plain.ts';
import { kubeletSettings } from '../../node/kubelet-settings.ts';
import { type Outcomes, ok, unknown, warning } from './check.ts';
import type { NodeCheck } from './node-check.ts';
import { type NodeWorld, usesMirrorProvider } from './node-world.ts';

/**
 * Whether pulls wait for each other. The kubelet asks its plugins before a pull gets its turn
 * (pkg/kubelet/images/image_manager.go), so that an auth file waits as long as all pulls before it.
 */
export const imagePulls: NodeCheck = { id: 'image-pulls', look };

function look(world: NodeWorld): Outcomes {
  if (!usesMirrorProvider(world)) return [];
  const { tree, kind, commandLine, service } = world;
  const { serializeImagePulls, file } = kubeletSettings(tree, kind, commandLine);
  if (serializeImagePulls === undefined) {
    return unknown(
      'the kubelet’s configuration is not found, so whether it pulls one image after the other is not known',
      {
        change: 'name it in the kubelet’s command line, with --config',
      },
    );
  }
  if (!serializeImagePulls) return ok('the kubelet pulls several images at once');
  const text =
    'the kubelet pulls one image after the other (serializeImagePulls), so auth files wait for all pulls before, and a second pod of an image may find none at first';
  return warning(text, {
    change: `write serializeImagePulls: false and maxParallelImagePulls: 5 into ${plain(file ?? 'the KubeletConfiguration')}, then systemctl restart ${service}`,
  });
}
