import { expect } from 'bun:test';
import fc from 'fast-check';
import { auth, requestText, TestNode } from '../support/node.ts';
import { expectNoSecrets, PASSWORD } from '../support/secrecy.ts';
import { anyJson, anyText, damaged } from './arbitraries.ts';
import { type Property, property } from './property.ts';

const NGINX = 'docker.io/library/nginx';

/** Runs the built plugin on what a function makes of a node and its token; it may refuse, but not crash. */
async function run(requestFor: (token: string) => string): Promise<void> {
  await using node = await TestNode.start();
  node.addNamespace('default', { 'localhost:5000': auth('u', PASSWORD) });
  const request = requestFor(node.token('default'));
  const result = await node.run(request, { flags: ['--log-level', 'debug'] });
  expectNoSecrets(result);
  expect([0, 1]).toContain(result.exitCode);
  expect(result.stdout === '').toBe(result.exitCode === 1);
  expect(result.stderr).not.toContain('internal error');
}

export const PROCESS_PROPERTIES: readonly Property[] = [
  property(
    'the plugin answers or refuses any request, and never crashes',
    fc.oneof(
      anyText.map((text) => () => text),
      fc
        .record({ image: fc.oneof(fc.constant(NGINX), anyJson), annotations: anyJson })
        .map((fields) => (token: string) => requestText({ ...fields, token })),
      damaged(fc.constant('IMAGE')).map(
        (image) => (token: string) => requestText({ image: image.replace('IMAGE', NGINX), token }),
      ),
    ),
    run,
    40,
  ),
];
