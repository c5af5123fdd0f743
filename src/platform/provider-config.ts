import { CONFIG_GROUP, CONFIG_KIND } from '../kubelet/credential-provider-config.ts';
import { AUDIENCE_REMARK, type Audience } from './audience.ts';
import type { MergeRemarks } from './merge-providers.ts';
import type { ProposedPattern } from './propose-match-images.ts';
import { genericEntry, mirrorEntry, type ProviderEntry } from './provider-entry.ts';
import type { Remark, RenderedDocument } from './yaml-document.ts';

/** Which plugins a node's kubelet shall run. */
export type ProviderChoice = 'mirror' | 'generic' | 'both';

export const PROVIDER_CHOICES = ['mirror', 'generic', 'both'] as const satisfies ProviderChoice[];

/** What to write into a kubelet's credential provider file. */
export interface ProviderConfigRequest {
  readonly provider: ProviderChoice;
  readonly patterns: readonly ProposedPattern[];
  readonly audience: Audience;
  /** Arguments of the mirror provider, `--name=value` each. */
  readonly mirrorArgs?: readonly string[];
}

/** The providers' entries, in the order of the file. */
export function providerEntries(request: ProviderConfigRequest): readonly ProviderEntry[] {
  const images = request.patterns.map(({ pattern }) => pattern);
  const { mirrorArgs: args = [] } = request;
  const mirror = mirrorEntry(images, request.audience.url);
  return [
    ...(request.provider === 'generic' ? [] : [args.length === 0 ? mirror : { ...mirror, args }]),
    ...(request.provider === 'mirror' ? [] : [genericEntry(images)]),
  ];
}

/** A whole CredentialProviderConfig for the kubelet of a plain node. */
export function providerConfigDocument(request: ProviderConfigRequest): RenderedDocument {
  const providers = providerEntries(request);
  return {
    value: { apiVersion: `${CONFIG_GROUP}/v1`, kind: CONFIG_KIND, providers },
    remarks: providers.flatMap((provider, index) => remarksOn(provider, index, request)),
  };
}

/** The same remarks for a file that is there already. */
export function mergeRemarks({ patterns, audience }: ProviderConfigRequest): MergeRemarks {
  const remarked = patterns.flatMap(({ pattern, remark }): [string, string][] =>
    remark === undefined ? [] : [[pattern, remark]],
  );
  const ofPatterns = { patterns: new Map(remarked) };
  return audience.isGuessed ? { ...ofPatterns, audience: AUDIENCE_REMARK } : ofPatterns;
}

function remarksOn(
  provider: ProviderEntry,
  index: number,
  { patterns, audience }: ProviderConfigRequest,
): readonly Remark[] {
  const path = ['providers', index] as const;
  const remarks = patterns.flatMap(({ remark }, at) =>
    remark === undefined ? [] : [{ path: [...path, 'matchImages', at], text: remark }],
  );
  if (provider.tokenAttributes === undefined || !audience.isGuessed) return remarks;
  const field = [...path, 'tokenAttributes', 'serviceAccountTokenAudience'];
  return [...remarks, { path: field, text: AUDIENCE_REMARK }];
}
