import { Option } from 'commander';
import { UsageError } from '../diagnostics/errors.ts';
import { quote } from '../diagnostics/quote.ts';
import { patternError } from '../kubelet/match-images.ts';
import { matchImageProblem } from '../platform/match-image-rule.ts';
import { listValue } from './option-values.ts';

/** `--match-images`, checked before anything is rendered: a kubelet does not start with a bad entry. */
export function kubeletMatchImages(): Option {
  return option('the kubelet cannot parse it', patternError);
}

/** The same by the stricter rules of OpenShift's API. */
export function openshiftMatchImages(): Option {
  return option('OpenShift’s API refuses it', matchImageProblem);
}

function option(refusal: string, problemOf: (entry: string) => string | undefined): Option {
  return new Option('--match-images <list>', 'entries of matchImages, with commas').argParser(
    (value: string, previous: readonly string[] | undefined) => {
      const entries = listValue(value, previous);
      for (const entry of entries) {
        const problem = problemOf(entry);
        if (problem !== undefined) {
          throw new UsageError(`--match-images has ${quote(entry)}: ${refusal}: ${problem}`);
        }
      }
      return entries;
    },
  );
}
