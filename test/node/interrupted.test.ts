import { describe, expect, test } from 'bun:test';
import { Failure } from '../../src/diagnostics/errors.ts';
import { KilledOperations, RefusedOperations, survives } from '../support/faulty-operations.ts';
import {
  install,
  installThrough,
  UPGRADE,
  uninstall,
  uninstallThrough,
} from '../support/install.ts';
import {
  CLOUD_IMAGE,
  contentsOf,
  K3S,
  KUBEADM_DEB,
  KUBEADM_RPM,
  MICROSHIFT,
  type NodeFiles,
  nodeTree,
  RHCOS,
} from '../support/node-trees.ts';

const SLOW_MACHINE_MS = 120_000;

const NODES: readonly (readonly [string, NodeFiles])[] = [
  ['kubeadm with deb packages', KUBEADM_DEB],
  ['kubeadm with rpm packages', KUBEADM_RPM],
  ['RHCOS', RHCOS],
  ['MicroShift', MICROSHIFT],
  ['k3s', K3S],
  ['a cloud image', CLOUD_IMAGE],
];

/** Runs a check with a step more each time, until work got through without the fault. */
async function atEveryStep(check: (at: number) => Promise<boolean>): Promise<void> {
  let at = 1;
  while (await check(at)) at += 1;
  // Each of the files is at least written, and takes its place.
  expect(at).toBeGreaterThan(8);
}

/** What a node of these files holds after some work. */
async function after(
  files: NodeFiles,
  work: (root: string) => Promise<unknown>,
): Promise<Record<string, string>> {
  using node = nodeTree(files);
  await work(node.path);
  return contentsOf(node.path);
}

describe.each(NODES)('killed at any step on %s,', (_, files) => {
  test(
    'install is taken up by the next one, and by uninstall',
    async () => {
      const before = await after(files, async () => undefined);
      const expected = await after(files, install);
      await atEveryStep(async (at) => {
        for (const isTakenUp of [true, false]) {
          using node = nodeTree(files);
          const operations = new KilledOperations(at);
          await survives(() => installThrough(operations, node.path));
          if (isTakenUp) {
            await install(node.path);
            expect(contentsOf(node.path)).toEqual(expected);
          }
          await uninstall(node.path);
          expect(contentsOf(node.path)).toEqual(before);
          if (!operations.wasReached) return false;
        }
        return true;
      });
    },
    SLOW_MACHINE_MS,
  );

  test(
    'a second install of something else is taken up as well',
    async () => {
      const before = await after(files, async () => undefined);
      const expected = await after(files, async (root) => {
        await install(root);
        await install(root, UPGRADE);
      });
      await atEveryStep(async (at) => {
        for (const isTakenUp of [true, false]) {
          using node = nodeTree(files);
          await install(node.path);
          const operations = new KilledOperations(at);
          await survives(() => installThrough(operations, node.path, UPGRADE));
          if (isTakenUp) {
            await install(node.path, UPGRADE);
            expect(contentsOf(node.path)).toEqual(expected);
          }
          await uninstall(node.path);
          expect(contentsOf(node.path)).toEqual(before);
          if (!operations.wasReached) return false;
        }
        return true;
      });
    },
    SLOW_MACHINE_MS,
  );

  test(
    'uninstall is taken up by the next one, and by install',
    async () => {
      const before = await after(files, async () => undefined);
      const expected = await after(files, install);
      await atEveryStep(async (at) => {
        for (const isTakenUp of [true, false]) {
          using node = nodeTree(files);
          await install(node.path);
          const operations = new KilledOperations(at);
          await survives(() => uninstallThrough(operations, node.path));
          if (!isTakenUp) {
            await install(node.path);
            expect(contentsOf(node.path)).toEqual(expected);
          }
          await uninstall(node.path);
          expect(contentsOf(node.path)).toEqual(before);
          if (!operations.wasReached) return false;
        }
        return true;
      });
    },
    SLOW_MACHINE_MS,
  );
});

/** The sentence that is told where a file system refuses a step; undefined where none is. */
async function refusal(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

/** Whether work was refused; it has to say so in one sentence, and to have changed nothing. */
async function isTold(work: () => Promise<unknown>, code: string): Promise<boolean> {
  const told = await refusal(work);
  if (told === undefined) return false;
  expect(told).toMatch(
    new RegExp(`^cannot write /\\S+: [^;]+ \\(${code}\\); [^;]+; nothing was changed$`),
  );
  return true;
}

const REFUSALS: readonly (readonly [string, NodeFiles, string])[] = [
  ['a full disk', KUBEADM_DEB, 'ENOSPC'],
  ['a full disk, with files to change', CLOUD_IMAGE, 'ENOSPC'],
  ['a read-only file system', RHCOS, 'EROFS'],
  ['a file that must not be changed', KUBEADM_RPM, 'EPERM'],
];

describe.each(REFUSALS)('%s, at any step,', (_, files, code) => {
  test(
    'leaves nothing half-written',
    async () => {
      const before = await after(files, async () => undefined);
      const expected = await after(files, install);
      let toldAt = 0;
      await atEveryStep(async (at) => {
        using node = nodeTree(files);
        const operations = new RefusedOperations(at, code);
        const told = await isTold(() => installThrough(operations, node.path), code);
        expect(contentsOf(node.path)).toEqual(told ? before : expected);
        if (told) toldAt += 1;
        return operations.wasReached;
      });
      expect(toldAt).toBeGreaterThan(8);
    },
    SLOW_MACHINE_MS,
  );

  test(
    'leaves an earlier installation whole',
    async () => {
      const first = await after(files, install);
      const before = await after(files, async () => undefined);
      await atEveryStep(async (at) => {
        using node = nodeTree(files);
        await install(node.path);
        const operations = new RefusedOperations(at, code);
        const told = await isTold(() => installThrough(operations, node.path, UPGRADE), code);
        if (told) expect(contentsOf(node.path)).toEqual(first);
        await uninstall(node.path);
        expect(contentsOf(node.path)).toEqual(before);
        return operations.wasReached;
      });
    },
    SLOW_MACHINE_MS,
  );

  test(
    'leaves what uninstall finds whole, or is ended by the next uninstall',
    async () => {
      const before = await after(files, async () => undefined);
      const installed = await after(files, install);
      await atEveryStep(async (at) => {
        using node = nodeTree(files);
        await install(node.path);
        const operations = new RefusedOperations(at, code);
        const told = await refusal(() => uninstallThrough(operations, node.path));
        if (told?.endsWith('; nothing was changed') === true)
          expect(contentsOf(node.path)).toEqual(installed);
        await uninstall(node.path);
        expect(contentsOf(node.path)).toEqual(before);
        return operations.wasReached;
      });
    },
    SLOW_MACHINE_MS,
  );
});
