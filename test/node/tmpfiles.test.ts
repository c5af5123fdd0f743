import { describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install } from '../support/install.ts';
import { type NodeFiles, nodeTree } from '../support/node-trees.ts';
import { isRoot } from '../support/plugin-user.ts';
import { realProgram } from '../support/real.ts';

const CONFIG = '/etc/kubernetes/credential-provider-config.yaml';
const ENTRY = '/etc/tmpfiles.d/pullkey.conf';

/** A node whose mirror provider writes auth files to a directory of somebody's choice. */
function withDirectory(directory: string): NodeFiles {
  const args = `args: ['--auth-dir=${directory}']`;
  return {
    [CONFIG]: `apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders:\n- {name: crio-credential-provider, matchImages: [docker.io], defaultCacheDuration: 0s, apiVersion: credentialprovider.kubelet.k8s.io/v1, ${args}}\n`,
  };
}

describe('the entry for systemd-tmpfiles', () => {
  test.each([
    ['/etc/crio/auth', '/etc/crio/auth'],
    ['/srv/auth', '/srv/auth'],
    ['/srv/my auth', '"/srv/my auth"'],
    ['/srv/100%', '/srv/100%%'],
  ])('names the auth directory of the provider: %s', async (directory, written) => {
    using node = nodeTree(withDirectory(directory));
    await install(node.path);
    expect(readFileSync(join(node.path, ENTRY), 'utf8')).toEndWith(
      `\nD! ${written} 0700 root root -\n`,
    );
  });

  const systemdTmpfiles = realProgram('systemd-tmpfiles');

  async function boot(root: string): Promise<void> {
    const command = ['--root', root, '--create', '--remove', '--boot', join(root, ENTRY)];
    const { exitCode, stderr } = Bun.spawnSync([systemdTmpfiles.path, ...command]);
    expect(`${exitCode} ${stderr.toString()}`).toBe('0 ');
  }

  const asRoot = isRoot ? systemdTmpfiles.test : test.skip;
  asRoot('empties the directory at boot, and makes one that is missing', async () => {
    for (const directory of ['/etc/crio/auth', '/srv/my auth', '/srv/100%']) {
      using node = nodeTree({
        ...withDirectory(directory),
        '/etc/passwd': 'root:x:0:0::/:/bin/sh\n',
        '/etc/group': 'root:x:0:\n',
      });
      await install(node.path);
      await boot(node.path);
      const place = join(node.path, directory);
      expect(statSync(place).mode & 0o777).toBe(0o700);
      mkdirSync(join(place, 'in-use'));
      writeFileSync(join(place, 'default-0.json'), '{}');
      writeFileSync(join(place, 'in-use', 'x.json'), '{}');
      await boot(node.path);
      expect(existsSync(place)).toBe(true);
      expect(existsSync(join(place, 'default-0.json'))).toBe(false);
      expect(existsSync(join(place, 'in-use'))).toBe(false);
    }
  });
});
