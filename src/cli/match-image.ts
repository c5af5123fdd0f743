import { Command } from 'commander';
import { writeAll } from '../diagnostics/output.ts';
import { quote } from '../diagnostics/quote.ts';
import { InvalidReference } from '../image/reference.ts';
import { parseRepository } from '../image/repository.ts';
import { matchImage } from '../kubelet/match-images.ts';
import { outputFormat } from './output-format.ts';
import { note } from './print-documents.ts';

/** `pullkey match-image PATTERN IMAGE`: whether the kubelet would run a plugin for an image. */
export function matchImageCommand(): Command {
  return new Command('match-image')
    .description(
      'Say whether a matchImages pattern covers an image, as the kubelet decides it. The answer is about the text as ' +
        'it is given; where the kubelet would complete or shorten an image of a pod first, standard error says to what.',
    )
    .argument('<pattern>', "entry of a provider's matchImages, such as *.example.com")
    .argument('<image>', 'image name without scheme, such as registry.example.com/team/app')
    .addOption(outputFormat('text', 'json'))
    .action(printMatch);
}

function printMatch(pattern: string, image: string, { output }: { output: string }): void {
  const match = matchImage(pattern, image);
  const answer = output === 'json' ? JSON.stringify({ pattern, image, ...match }) : match.matched;
  writeAll(1, `${answer}\n`);
  if (match.error !== undefined) note(match.error);
  const asked = repositoryAskedFor(image);
  if (asked === undefined || asked === image) return;
  const { matched } = matchImage(pattern, asked);
  note(`for a pod's image ${quote(image)} the kubelet matches ${quote(asked)}: ${matched}`);
}

/** The kubelet completes short names, and asks without tag and digest; undefined for what is no image. */
function repositoryAskedFor(image: string): string | undefined {
  try {
    const { host, colonPort, path } = parseRepository(image);
    return `${host}${colonPort}/${path}`;
  } catch (error) {
    if (error instanceof InvalidReference) return undefined;
    throw error;
  }
}
