import { posix } from 'node:path';
import type { Link, Storage } from './config.ts';
import { cleanPath } from './local-files.ts';
import type { Report } from './report.ts';
import type { Path } from './source-node.ts';

const LARGEST_MODE = 0o7777;
const SPECIAL_BITS = 0o7000;
/** With Ignition 3.6 the special bits came to work. */
const FIRST_BASE_WITH_SPECIAL_BITS = 7;

/** Checks the path of a file, directory or link. */
export function checkNode(place: string, path: Path, report: Report): void {
  report.error([...path, 'path'], placeProblem(place));
}

function placeProblem(place: string): string | undefined {
  if (place === '') return 'path not specified';
  if (!place.startsWith('/')) return 'path not absolute';
  return cleanPath(place) === place ? undefined : 'path is not fully simplified';
}

/** Checks that an owner is given by number or by name. */
export function checkOwner(
  { id, name }: { readonly id: number | undefined; readonly name: string | undefined },
  path: Path,
  report: Report,
): void {
  if (id !== undefined && name !== undefined && name !== '') {
    report.error(path, 'cannot set both id and name');
  }
}

/** What is wrong with a mode. */
export function modeProblem(mode: number | undefined): string | undefined {
  return mode !== undefined && (mode < 0 || mode > LARGEST_MODE) ? 'illegal file mode' : undefined;
}

/** A warning of bits that older versions of Ignition do not set. */
export function specialBitsWarning(mode: number | undefined, base: number): string | undefined {
  if (mode === undefined || base >= FIRST_BASE_WITH_SPECIAL_BITS) return undefined;
  return (mode & SPECIAL_BITS) === 0
    ? undefined
    : 'setuid/setgid/sticky bits are not supported or functional in spec versions older than 3.6.0';
}

/** Checks that nothing lies below a link, and that hard links lead to files. */
export function checkLinks(storage: Storage, path: Path, base: number, report: Report): void {
  const { directories = [], files = [], links = [] } = storage;
  const isBelowLink = ({ path: place }: { readonly path: string }) =>
    links.filter((link) => place.startsWith(`${link.path}/`));
  for (const [index, directory] of directories.entries()) {
    for (const _ of isBelowLink(directory)) {
      report.error([...path, 'directories', index], 'directory path includes link in config');
    }
  }
  for (const [index, file] of files.entries()) {
    for (const _ of isBelowLink(file)) {
      report.error([...path, 'files', index], 'file path includes link in config');
    }
  }
  for (const [index, link] of links.entries()) {
    const at = [...path, 'links', index];
    for (const _ of isBelowLink(link)) {
      report.error(at, 'link path includes link in config');
    }
    checkTarget(
      link,
      directories.map((one) => one.path),
      { at, base, report },
    );
  }
}

interface Place {
  readonly at: Path;
  readonly base: number;
  readonly report: Report;
}

function checkTarget(link: Link, directories: readonly string[], { at, base, report }: Place) {
  const { target = '', user, group } = link;
  if (target === '' && base > 3) {
    report.error([...at, 'target'], 'link target is required');
    return;
  }
  if (link.hard !== true) return;
  const absolute = target.startsWith('/') ? target : posix.join(link.path, target);
  for (const _ of directories.filter((directory) => directory === cleanPath(absolute))) {
    report.error(at, 'hard link target is a directory');
  }
  const owners = { user, group };
  for (const owner of ['user', 'group'] as const) {
    for (const field of ['id', 'name'] as const) {
      if (owners[owner][field] === undefined) continue;
      report.warn([...at, owner, field], 'user/group ignored for hard link');
    }
  }
}
