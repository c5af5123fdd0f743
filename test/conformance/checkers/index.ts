import type { Checker } from '../suite.ts';

import { checkAuthFile } from './authfile.ts';
import { checkAuthPathAndToken } from './authpath-token.ts';
import { checkButane } from './butane.ts';
import { checkCrdValidation } from './crd-validation.ts';
import { checkCredentialProviderConfig } from './kubelet-credential-provider-config.ts';
import { checkMatchImages } from './kubelet-matchimages.ts';
import { checkResponse } from './kubelet-response.ts';
import { checkMcoRender } from './mco-render.ts';
import { checkRegistries } from './registries.ts';

/** Which checker understands which suite's cases. */
export const checkers: Readonly<Record<string, Checker>> = {
  authfile: checkAuthFile,
  'authpath-token': checkAuthPathAndToken,
  'crd-validation': checkCrdValidation,
  'kubelet-credential-provider-config': checkCredentialProviderConfig,
  'kubelet-matchimages': checkMatchImages,
  'kubelet-response': checkResponse,
  'mco-render': checkMcoRender,
  butane: checkButane,
  registries: checkRegistries,
};
