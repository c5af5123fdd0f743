import { expect, test } from 'bun:test';
import { settingsFrom } from '../../bench/settings.ts';

test('without a baseline, ours runs alone', () =>
  expect(settingsFrom({}, 'build')).toEqual({
    buildDirectory: 'build',
    runs: 40,
    providers: ['mirror', 'file'],
  }));
test('a baseline without paths is another build of ours', () =>
  expect(settingsFrom({ BASELINE: '/b' }, 'build').baseline).toEqual({ executable: '/b' }));
test('a baseline that takes no flags says where it reads', () =>
  expect(
    settingsFrom({ BASELINE: '/b', BASELINE_CONF: '/c', BASELINE_K8S: '/k' }, 'build').baseline,
  ).toEqual({
    executable: '/b',
    paths: { registriesConf: '/c', kubernetesConfigDir: '/k' },
  }));
test('one path without the other is refused', () =>
  expect(() => settingsFrom({ BASELINE: '/b', BASELINE_CONF: '/c' }, 'build')).toThrow(
    'BASELINE_CONF and BASELINE_K8S go together',
  ));
test('a number of runs that is none is refused', () =>
  expect(() => settingsFrom({ RUNS: 'many' }, 'build')).toThrow('RUNS'));
test('one of the plugins may be measured alone, against its own baseline', () =>
  expect(settingsFrom({ PROVIDER: 'file', BASELINE_GENERIC: '/g' }, 'build')).toMatchObject({
    providers: ['file'],
    genericBaseline: '/g',
  }));
test('a plugin that is none is refused', () =>
  expect(() => settingsFrom({ PROVIDER: 'both' }, 'build')).toThrow(
    'PROVIDER must be one of mirror, file',
  ));
