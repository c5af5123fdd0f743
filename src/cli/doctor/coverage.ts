import { plain } from '../../diagnostics/plain.ts';
import { uncovered } from '../../platform/lint/lint-coverage.ts';
import { MIRROR_PROVIDER } from '../../platform/overlay.ts';
import { type Outcome, type Outcomes, ok, warning } from './check.ts';
import type { NodeCheck } from './node-check.ts';
import { mirroredRegistries } from './node-registries.ts';
import { type NodeWorld, providersOf } from './node-world.ts';
import { installing } from './remedies.ts';

/** Whether the kubelet runs the mirror provider for all that is mirrored. */
export const coverage: NodeCheck = { id: 'match-images', look };

function look(world: NodeWorld): Outcomes {
  const mirror = providersOf(world).find(({ name }) => name === MIRROR_PROVIDER);
  const registries = mirror === undefined ? [] : mirroredRegistries(world);
  if (mirror === undefined || registries.length === 0) return [];
  const gaps = registries.flatMap((registry): Outcome[] => {
    const reason = uncovered(registry, mirror.matchImages);
    if (reason === undefined) return [];
    // A pattern for quite another registry explains nothing.
    const why = /is for another host/.test(reason) ? '' : reason.replace(/; add .*$/, '');
    const text = `no matchImages entry of ${MIRROR_PROVIDER} covers ${plain(registry.prefix)}, so its mirrors get no credentials${why}`;
    return [warning(text, installing(world))];
  });
  if (gaps.length > 0) return gaps;
  return ok(`${MIRROR_PROVIDER} is run for every mirrored prefix (${registries.length})`);
}
