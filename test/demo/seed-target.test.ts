import { describe, expect, test } from 'bun:test';
import { seedTargetOf } from '../../src/demo/seed-target.ts';

describe('the place of an image in a mirror', () => {
  const placed: [string, string][] = [
    ['docker.io/library/nginx', 'library/nginx:latest'],
    ['nginx', 'library/nginx:latest'],
    ['index.docker.io/nginx:1.29', 'library/nginx:1.29'],
    ['quay.io/team/app:v1', 'team/app:v1'],
    ['localhost:5000/app', 'app:latest'],
    ['team/app', 'team/app:latest'],
  ];
  test.each(placed)('%s is %s', (image, expected) => {
    const { repository, tag } = seedTargetOf(image);
    expect(`${repository}:${tag}`).toBe(expected);
  });

  test.each([`nginx@sha256:${'a'.repeat(64)}`, 'NGINX', '', 'a b'])('%p has none', (image) => {
    expect(() => seedTargetOf(image)).toThrow('--seed');
  });
});
