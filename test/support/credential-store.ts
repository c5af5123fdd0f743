import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { decodeResponse } from '../../src/kubelet/credential-provider-response.ts';
import { keyringFor } from '../../src/kubelet/keyring.ts';
import type { ResponseCredential } from '../../src/kubelet/response.ts';
import { cachedUnder, cacheKeyTypeError } from '../../src/kubelet/response-cache.ts';
import { type PluginResult, type RunOptions, runPlugin } from './node.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export const GENERIC_PLUGIN = new URL('../../build/generic-credential-provider', import.meta.url)
  .pathname;

const V1 = 'credentialprovider.kubelet.k8s.io/v1';

/** A directory of credentials, as the generic provider reads it. */
export class TestStore implements Disposable {
  readonly root: string;
  readonly helperDir: string;
  readonly #directory = temporaryDirectory();

  constructor() {
    this.root = `${this.#directory.path}/registries`;
    this.helperDir = `${this.#directory.path}/helpers`;
    mkdirSync(this.root, { mode: 0o700 });
    mkdirSync(this.helperDir, { mode: 0o755 });
  }

  /** Writes a file below the root; what is no text or bytes is written as JSON. */
  write(name: string, content: unknown, mode = 0o600): string {
    const path = `${this.root}/${name}`;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const isRaw = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(path, isRaw ? content : JSON.stringify(content));
    chmodSync(path, mode);
    return path;
  }

  /** Writes a credential helper: a shell script. */
  writeHelper(name: string, script: string): string {
    const path = `${this.helperDir}/docker-credential-${name}`;
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** Runs the plugin on a request's text. */
  run(request: string, options: RunOptions = {}): Promise<PluginResult> {
    const own = ['--credroot', this.root, '--helper-dir', this.helperDir];
    const flags = [...own, ...(options.flags ?? [])];
    return runPlugin(request, { command: [GENERIC_PLUGIN], ...options, flags });
  }

  /** Runs the plugin for an image, as the kubelet does. */
  pull(image: string, options: RunOptions = {}): Promise<PluginResult> {
    return this.run(
      JSON.stringify({ kind: 'CredentialProviderRequest', apiVersion: V1, image }),
      options,
    );
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]();
  }
}

/** What a kubelet makes of an answer. */
export interface KubeletUse {
  /** What it tries for the image, in order. */
  readonly keyring: readonly ResponseCredential[];
  /** Under what it keeps the answer; undefined where it does not. */
  readonly under: string | undefined;
}

/** Reads an answer by the kubelet's rules. Throws where the kubelet would refuse it. */
export function asKubelet(stdout: string, image: string): KubeletUse {
  const response = decodeResponse(stdout, V1);
  if ('error' in response) throw new Error(`${response.error}: ${response.reason}`);
  const problem = cacheKeyTypeError(response);
  if (problem !== undefined) throw new Error(problem);
  return {
    keyring: keyringFor(image, response.auth),
    under: cachedUnder(response, image, 0n)?.under,
  };
}
