import { map, toArray } from '../diagnostics/lists.ts';
import { compareBytes } from '../kubelet/byte-order.ts';
import { fileNamesIn, unreadable } from './read-file.ts';

/** A drop-in that is not read, since an earlier directory has a file of its name. */
export interface MaskedFile {
  readonly file: string;
  readonly by: string;
}

export interface DropIns {
  /** In the order in which they are read: by name, whatever their directory. */
  readonly files: readonly string[];
  readonly masked: readonly MaskedFile[];
}

/**
 * The files `*.conf` of the drop-in directories, which come in falling precedence; one that is
 * missing is no error. Throws RegistriesConfError of class `io`.
 */
export function listDropIns(directories: readonly string[]): DropIns {
  const fileByName = new Map<string, string>();
  const masked: MaskedFile[] = [];
  for (const directory of directories) {
    for (const name of fileNamesIn(directory, '.conf')) {
      const file = directory.endsWith('/') ? directory + name : `${directory}/${name}`;
      refuseUnreachable(name, file);
      const by = fileByName.get(name);
      if (by === undefined) fileByName.set(name, file);
      else masked.push({ file, by });
    }
  }
  const byName = toArray(fileByName).sort(([a], [b]) => compareBytes(a, b));
  return { files: map(byName, ([, file]) => file), masked };
}

/** What stands for bytes that are no text does not lead to the file, which would be left out silently. */
function refuseUnreachable(name: string, file: string): void {
  if (name.includes('\ufffd')) throw unreadable(file, 'its name is not valid UTF-8; rename it');
}
