import { describe, test } from 'bun:test';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { providerConfig } from '../../../src/cli/doctor/provider-config.ts';
import { ELF_AMD64, expectChange, expectMending, healthyNode } from '../../support/doctor.ts';
import { writeNodeFile } from '../../support/node-trees.ts';

const CONFIG = '/etc/kubernetes/credential-provider-config.yaml';
const PLUGINS = '/usr/libexec/kubelet-image-credential-provider-plugins';

describe('credential-provider-config', () => {
  test('that is missing is written by the command that is told', async () => {
    using node = await healthyNode();
    rmSync(join(node.path, CONFIG));
    await expectMending(node.path, providerConfig, {
      verdict: 'broken',
      text: `there is no ${CONFIG} to tell the kubelet of plugins`,
      command: /^pullkey install/,
    });
  });

  test('that the kubelet refuses is told with the places', async () => {
    using node = await healthyNode();
    const place = join(node.path, CONFIG);
    const text = readFileSync(place, 'utf8');
    writeFileSync(place, text.replace('cacheType: Token', 'cacheType: Pod'));
    await expectChange(
      node.path,
      providerConfig,
      {
        verdict: 'broken',
        text: /^the kubelet refuses its configuration: \/etc\S+\.yaml:\d+:\d+: .*cacheType/,
        change: /^correct that; until then the kubelet does not start anew$/,
      },
      () => writeFileSync(place, text),
    );
  });

  test('that names none of our plugins gets one by the command that is told', async () => {
    using node = await healthyNode();
    writeNodeFile(
      node.path,
      CONFIG,
      'apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders:\n- {name: ecr, matchImages: ["*.amazonaws.com"], defaultCacheDuration: 1h, apiVersion: credentialprovider.kubelet.k8s.io/v1}\n',
    );
    writeNodeFile(node.path, `${PLUGINS}/ecr`, ELF_AMD64);
    await expectMending(node.path, providerConfig, {
      verdict: 'broken',
      text: `${CONFIG} names none of our plugins, so the kubelet runs none`,
      command: /^pullkey install/,
    });
  });

  test('whose entry gets no token is told', async () => {
    using node = await healthyNode();
    const place = join(node.path, CONFIG);
    const text = readFileSync(place, 'utf8');
    writeFileSync(place, text.replace(/ {4}tokenAttributes:\n(?: {6}.*\n)+/, ''));
    await expectChange(
      node.path,
      providerConfig,
      {
        verdict: 'broken',
        text: `the entry crio-credential-provider of ${CONFIG} has no tokenAttributes`,
        change: /^take the entry out and run pullkey install, or copy tokenAttributes from/,
      },
      () => writeFileSync(place, text),
    );
  });

  test('whose args the plugin refuses is told', async () => {
    using node = await healthyNode();
    const place = join(node.path, CONFIG);
    const text = readFileSync(place, 'utf8');
    writeFileSync(place, text.replace('--kubeconfig=', '--kubekonfig='));
    await expectChange(
      node.path,
      providerConfig,
      {
        verdict: 'broken',
        text: 'crio-credential-provider refuses the args of its entry: unknown argument "--kubekonfig=',
        change: /^known are --registries-conf/,
      },
      () => writeFileSync(place, text),
    );
  });

  test('with what is seldom meant is told with the advice', async () => {
    using node = await healthyNode();
    const place = join(node.path, CONFIG);
    const text = readFileSync(place, 'utf8');
    writeFileSync(place, text.replace('defaultCacheDuration: 0s', 'defaultCacheDuration: 1s'));
    await expectChange(
      node.path,
      providerConfig,
      {
        verdict: 'warning',
        text: /^\/etc\S+\.yaml:\d+:\d+: answers without a duration are kept for 1s/,
        change: /^write 0s$/,
      },
      () => writeFileSync(place, text),
    );
  });
});
