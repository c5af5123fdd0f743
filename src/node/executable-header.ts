/** What the first bytes of a file say of how it is run. */
export type ExecutableHeader =
  /** Its architecture by Go's name, as far as that is known. */
  | { readonly kind: 'elf'; readonly architecture: string }
  | { readonly kind: 'script'; readonly interpreter: string }
  | { readonly kind: 'other' };

/** As many bytes as are looked at. */
export const HEADER_LENGTH = 256;

const ELF = [0x7f, 0x45, 0x4c, 0x46];
const DATA_ENCODING = 5;
const LITTLE_ENDIAN = 1;
const MACHINE = 18;

/** `e_machine` by Go's names of architectures. Source: elf(5), elf.h. */
const ARCHITECTURES: Readonly<Record<number, string>> = {
  3: '386',
  21: 'ppc64le',
  22: 's390x',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
};

/** Reads an ELF header, or the first line of a script. */
export function executableHeader(bytes: Uint8Array): ExecutableHeader {
  if (ELF.every((byte, index) => bytes[index] === byte) && bytes.length >= MACHINE + 2) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const machine = view.getUint16(MACHINE, bytes[DATA_ENCODING] === LITTLE_ENDIAN);
    return { kind: 'elf', architecture: ARCHITECTURES[machine] ?? `machine ${machine}` };
  }
  const [first = ''] = new TextDecoder().decode(bytes.subarray(0, HEADER_LENGTH)).split('\n');
  const interpreter = /^#!\s*(\S+)/.exec(first)?.[1];
  return interpreter === undefined ? { kind: 'other' } : { kind: 'script', interpreter };
}
