import { isJsonObject } from '../diagnostics/json.ts';
import type { Unusable } from './credential.ts';

/** What a credential helper gave. */
export interface HelperCredential {
  readonly username: string;
  readonly password: string;
}

/** Instead of a user name: what follows is an identity token. */
const IDENTITY_TOKEN = '<token>';

/** Azure takes its identity tokens as the password of this user. */
const AZURE_REGISTRY = /\.azurecr\.(?:io|cn|us)$/;
const AZURE_TOKEN_USER = '00000000-0000-0000-0000-000000000000';

/** How a helper says that it has nothing, in the protocol of docker-credential-helpers. */
const NOT_FOUND = 'credentials not found in native keychain';

/** Whether what a failed helper printed means that it has no credential for the registry. */
export function isNotFound(output: string): boolean {
  return output.trim() === NOT_FOUND;
}

/**
 * Decodes what `docker-credential-NAME get` printed for a registry host:
 * `{"ServerURL","Username","Secret"}`. The problem never quotes it.
 */
export function decodeHelperAnswer(text: string, host: string): HelperCredential | Unusable {
  const answer = parse(text);
  if (!isJsonObject(answer)) return { problem: 'printed no JSON object' };
  const { Username: username, Secret: password } = answer;
  if (typeof username !== 'string' || typeof password !== 'string') {
    return { problem: 'printed no Username and Secret' };
  }
  if (username === '' && password === '') return { problem: 'printed an empty credential' };
  if (username !== IDENTITY_TOKEN) return { username, password };
  if (AZURE_REGISTRY.test(host.toLowerCase())) return { username: AZURE_TOKEN_USER, password };
  return { problem: 'gave an identity token, which the kubelet cannot use' };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message may quote the secret.
    return undefined;
  }
}
