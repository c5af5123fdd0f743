import type { TokenWish } from '../../kubernetes/service-accounts.ts';

/**
 * A token's claims without a signature, so that a pull can be planned where there is no token: the plan takes
 * namespace and service account from it. It is shown to nobody.
 */
export function unsignedToken({ namespace, serviceAccount, audience }: TokenWish): string {
  const claims = {
    aud: audience === undefined ? [] : [audience],
    'kubernetes.io': { namespace, serviceaccount: { name: serviceAccount } },
  };
  return `${encode({ alg: 'none' })}.${encode(claims)}.`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
