import { Failure } from '../diagnostics/errors.ts';
import type { JsonObject } from '../diagnostics/json.ts';
import { quote } from '../diagnostics/quote.ts';
import { readRegularFile, unreadableReason } from '../diagnostics/read-file.ts';
import { wordsWithCode } from '../diagnostics/system-reason.ts';
import { utf8Text } from '../diagnostics/utf8.ts';
import type { ApiIdentity } from './client.ts';
import { besides, currentEntry, readKubeconfigDocument } from './kubeconfig.ts';

/**
 * As whom a kubeconfig's current context asks: by its token, its token file, or its client certificate
 * (a kubelet's). Throws a Failure where it holds none of them or one cannot be read; a login program
 * (`exec`) is not started. Source of the format: client-go, clientcmd/api/v1.
 */
export function readKubeconfigUser(path: string): ApiIdentity {
  const document = readKubeconfigDocument(path);
  const user = document === undefined ? undefined : currentEntry(document, 'user');
  if (user === undefined) throw unusable(path, 'it names no user');
  const token = text(user, 'token') ?? tokenIn(text(user, 'tokenFile'), path);
  if (token !== undefined) return { token };
  const certificate = pem(user, 'client-certificate', path);
  const key = pem(user, 'client-key', path);
  if (certificate !== undefined && key !== undefined) return { certificate, key };
  throw unusable(path, `its user has ${'exec' in user ? 'a login program' : 'no credentials'}`);
}

function tokenIn(file: string | undefined, kubeconfig: string): string | undefined {
  return file === undefined ? undefined : read(besides(kubeconfig, file), kubeconfig).trim();
}

/** `NAME-data` in base64, or else the file that `NAME` names. */
function pem(user: JsonObject, name: string, kubeconfig: string): string | undefined {
  const data = text(user, `${name}-data`);
  if (data !== undefined) return Buffer.from(data, 'base64').toString();
  const file = text(user, name);
  return file === undefined ? undefined : read(besides(kubeconfig, file), kubeconfig);
}

function text(user: JsonObject, name: string): string | undefined {
  const value = user[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function read(file: string, kubeconfig: string): string {
  const bytes = readNamed(file, kubeconfig);
  if (bytes === undefined) throw unreadable(file, kubeconfig, wordsWithCode('ENOENT'));
  return utf8Text(bytes);
}

function readNamed(file: string, kubeconfig: string): Uint8Array | undefined {
  try {
    return readRegularFile(file);
  } catch (error) {
    throw unreadable(file, kubeconfig, unreadableReason(error));
  }
}

function unreadable(file: string, kubeconfig: string, why: string): Failure {
  return unusable(kubeconfig, `${quote(file)}, which it names, cannot be read: ${why}`);
}

function unusable(path: string, reason: string): Failure {
  return new Failure(
    `cannot ask the API server as the user of the kubeconfig ${quote(path)}: ${reason}; name another ` +
      'with --kubeconfig (as root on a node, its kubelet’s), or give --token-file FILE',
  );
}
