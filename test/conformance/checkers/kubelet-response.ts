import {
  type DecodedResponse,
  decodeResponse,
} from '../../../src/kubelet/credential-provider-response.ts';
import { formatDuration } from '../../../src/kubelet/duration.ts';
import { keyringFor } from '../../../src/kubelet/keyring.ts';
import { matchImage } from '../../../src/kubelet/match-images.ts';
import type { ResponseCredential } from '../../../src/kubelet/response.ts';
import { cachedUnder, cacheKeyTypeError } from '../../../src/kubelet/response-cache.ts';
import { difference } from '../difference.ts';
import type { ConformanceCase } from '../suite.ts';

interface ResponseCase extends ConformanceCase {
  readonly input: {
    readonly stdout: string;
    readonly stderr: string;
    readonly exitCode: number;
    readonly image: string;
    readonly apiVersion: string;
    readonly matchImages: readonly string[];
    readonly defaultCacheSeconds: number;
  };
  readonly expect: Outcome & { readonly decodeError?: string };
}

interface Outcome {
  readonly accepted: boolean;
  readonly execAccepted: boolean;
  readonly error?: string;
  readonly cacheKeyType?: string;
  readonly cacheDuration?: string;
  readonly auth?: Readonly<Record<string, ResponseCredential>>;
  readonly cachedUnder?: string;
  readonly cachedForSeconds?: number;
  readonly keyringFound: boolean;
  readonly keyring?: readonly ResponseCredential[];
}

/**
 * One plugin run: whether the kubelet takes its answer, what it caches, what it would try. A plugin whose
 * matchImages do not cover the image is not asked, which is no error.
 */
export function checkResponse(recorded: ConformanceCase): string | undefined {
  const { input, expect } = recorded as ResponseCase;
  const { decodeError: _, ...expected } = expect;
  return difference(outcomeOf(input), expected);
}

function outcomeOf(input: ResponseCase['input']): Outcome {
  const { image, matchImages } = input;
  const isAsked = matchImages.some((pattern) => matchImage(pattern, image).matched);
  const response = answerOf(input);
  if ('error' in response) {
    const ran = { execAccepted: false, keyringFound: false };
    return isAsked
      ? { ...ran, accepted: false, error: `${PREFIX}${response.error}` }
      : { ...ran, accepted: true };
  }
  const decoded = {
    execAccepted: true,
    ...(response.cacheKeyType === '' ? {} : { cacheKeyType: response.cacheKeyType }),
    ...(response.cacheDuration === undefined
      ? {}
      : { cacheDuration: formatDuration(response.cacheDuration) }),
  };
  if (!isAsked) return { ...decoded, accepted: true, keyringFound: false };
  const error = cacheKeyTypeError(response);
  if (error !== undefined) return { ...decoded, accepted: false, error, keyringFound: false };
  return { ...decoded, accepted: true, ...usedAs(response, input) };
}

const PREFIX = 'failed to get credential from external registry credential provider: ';

function answerOf(input: ResponseCase['input']): DecodedResponse | { readonly error: string } {
  const { exitCode, image, stderr, stdout, apiVersion } = input;
  if (exitCode === 0) return decodeResponse(stdout, apiVersion);
  const run = `error execing credential provider plugin test-provider for image ${image}`;
  return { error: `${run}: exit status ${exitCode}: ${stderr}` };
}

function usedAs(
  response: DecodedResponse,
  { image, defaultCacheSeconds }: ResponseCase['input'],
): Pick<Outcome, 'auth' | 'cachedUnder' | 'cachedForSeconds' | 'keyringFound' | 'keyring'> {
  const caching = cachedUnder(response, image, BigInt(defaultCacheSeconds) * 1_000_000_000n);
  const keyring = keyringFor(image, response.auth);
  return {
    ...(response.auth.size === 0 ? {} : { auth: Object.fromEntries(response.auth) }),
    ...(caching === undefined
      ? {}
      : { cachedUnder: caching.under, cachedForSeconds: Number(caching.duration) / 1e9 }),
    keyringFound: keyring.length > 0,
    ...(keyring.length === 0 ? {} : { keyring }),
  };
}
