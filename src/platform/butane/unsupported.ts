import type { Report } from './report.ts';
import type { Dialect } from './versions.ts';
import { isStructValue, listOf, type Visitor } from './walk.ts';

/** What a section is called in the message that refuses it. */
const NAMES: Readonly<Record<string, string>> = {
  disks: 'disks',
  filesystems: 'file systems',
  luks: 'LUKS volumes',
  raid: 'RAID arrays',
  boot_device: 'boot devices',
  quadlets: 'quadlets',
  user: 'owners of trees',
  group: 'owners of trees',
  file_mode: 'modes of trees',
  dir_mode: 'modes of trees',
};

/**
 * Refuses by name the sections that Butane knows and this program does not compile. GRUB users need a
 * boot file system and end among them where the variant itself does not refuse them.
 */
export function unsupportedSections(report: Report, { base }: Dialect, isRaw: boolean): Visitor {
  return (shape, value, path) => {
    for (const [name, field] of Object.entries(shape.fields)) {
      if (field.kind === 'unsupported' && value[name] !== undefined) {
        report.error([...path, name], refusal(NAMES[name] ?? name));
      }
    }
    const isGrub = shape.goType === 'Grub' && isStructValue(value);
    if (isGrub && listOf(value['users']).length > 0 && (isRaw || base === 8)) {
      report.error([...path, 'users'], refusal('GRUB users'));
    }
  };
}

function refusal(name: string): string {
  return `${name} are not supported by this release; compile this config with Butane itself`;
}
