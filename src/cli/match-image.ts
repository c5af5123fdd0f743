import { Command } from 'commander';
import { writeAll } from '../diagnostics/output.ts';
import { matchImage } from '../kubelet/match-images.ts';
import { outputFormat } from './output-format.ts';

/** `pullkey match-image PATTERN IMAGE`: whether the kubelet would run a plugin for an image. */
export function matchImageCommand(): Command {
  return new Command('match-image')
    .description('Say whether a matchImages pattern covers an image, as the kubelet decides it')
    .argument('<pattern>', "entry of a provider's matchImages, such as *.example.com")
    .argument('<image>', 'image name without scheme, such as registry.example.com/team/app')
    .addOption(outputFormat('text', 'json'))
    .action(printMatch);
}

function printMatch(pattern: string, image: string, { output }: { output: string }): void {
  const match = matchImage(pattern, image);
  const answer = output === 'json' ? JSON.stringify({ pattern, image, ...match }) : match.matched;
  writeAll(1, `${answer}\n`);
  if (match.error !== undefined) writeAll(2, `pullkey: ${match.error}\n`);
}
