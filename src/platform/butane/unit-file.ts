const LONGEST_LINE = 2048;
/** How much the library looks at in one piece; it notices lines that are too long only within one. */
const BUFFER_SIZE = 4096;
const [NEWLINE, RETURN, BRACKET_OPEN, BRACKET_CLOSE, EQUALS, HASH, SEMICOLON, BACKSLASH] =
  Buffer.from('\n\r[]=#;\\');

/** What is in a unit file: the sections that have options, or why it cannot be read. */
export type UnitFile = { readonly sections: ReadonlySet<string> } | { readonly problem: string };

/** Reads a systemd unit file as coreos/go-systemd does (unit/deserialize.go), whose words are kept. */
export function readUnitFile(contents: string): UnitFile {
  try {
    return { sections: new UnitReader(Buffer.from(contents)).read() };
  } catch (error) {
    if (!(error instanceof UnitProblem)) throw error;
    return { problem: error.message };
  }
}

class UnitProblem extends Error {}

type Step = () => Step | undefined;

class UnitReader {
  readonly #bytes: Buffer;
  readonly #sections = new Set<string>();
  #section = '';
  #at = 0;
  #bufferEnd = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  read(): ReadonlySet<string> {
    for (let step: Step | undefined = this.#beforeSection; step !== undefined; step = step()) {
      this.#refuseLongLine();
    }
    return this.#sections;
  }

  /** Before the first section anything is passed over. */
  readonly #beforeSection: Step = () => {
    const byte = this.#next();
    if (byte === undefined) return undefined;
    if (byte === BRACKET_OPEN) return this.#sectionName;
    return isComment(byte) ? this.#comment(this.#beforeSection) : this.#beforeSection;
  };

  readonly #sectionName: Step = () => {
    const name = this.#until(BRACKET_CLOSE);
    if (name.at(-1) !== BRACKET_CLOSE) throw new UnitProblem('unable to find end of section');
    this.#section = name.subarray(0, -1).toString();
    return this.#sectionSuffix;
  };

  readonly #sectionSuffix: Step = () => {
    const garbage = this.#line().toString().trim();
    if (garbage !== '') {
      throw new UnitProblem(`found garbage after section name : ${JSON.stringify(garbage)}`);
    }
    return this.#sectionOrOption;
  };

  readonly #sectionOrOption: Step = () => {
    const byte = this.#next();
    if (byte === undefined) return undefined;
    if (/\s/.test(String.fromCharCode(byte))) return this.#sectionOrOption;
    if (byte === BRACKET_OPEN) return this.#sectionName;
    if (isComment(byte)) return this.#comment(this.#sectionOrOption);
    this.#at -= 1;
    return this.#optionName;
  };

  readonly #optionName: Step = () => {
    for (let byte = this.#next(); byte !== EQUALS; byte = this.#next()) {
      if (byte === undefined) throw new UnitProblem('EOF');
      if (byte === NEWLINE || byte === RETURN) {
        throw new UnitProblem('unexpected newline encountered while parsing option name');
      }
    }
    return this.#optionValue;
  };

  readonly #optionValue: Step = () => {
    const line = this.#line();
    if (line.at(-1) === BACKSLASH) return this.#optionValue;
    this.#sections.add(this.#section);
    return this.#sectionOrOption;
  };

  #comment(next: Step): Step {
    return () => {
      let line = this.#line().toString();
      while (line.replace(/ $/, '').endsWith('\\')) line = this.#line().toString();
      return next;
    };
  }

  #refuseLongLine(): void {
    if (this.#bufferEnd - this.#at < LONGEST_LINE) return;
    const line = this.#bytes.subarray(this.#at, this.#at + LONGEST_LINE);
    if (!line.includes('\n') && !line.includes('\r')) {
      throw new UnitProblem(`line too long (max ${LONGEST_LINE} bytes)`);
    }
  }

  #next(): number | undefined {
    if (this.#at >= this.#bufferEnd) this.#fill();
    const byte = this.#bytes[this.#at];
    if (byte !== undefined) this.#at += 1;
    return byte;
  }

  /** A line without its newline. */
  #line(): Buffer {
    const line = this.#until(NEWLINE);
    return line.at(-1) === NEWLINE ? line.subarray(0, -1) : line;
  }

  /** All up to and with a byte, or up to the end. */
  #until(byte: number | undefined): Buffer {
    const start = this.#at;
    const found = this.#bytes.indexOf(byte ?? 0, start);
    const end = found === -1 ? this.#bytes.length : found + 1;
    while (this.#bufferEnd < end) {
      if (this.#bufferEnd - this.#at >= BUFFER_SIZE) this.#at = this.#bufferEnd;
      this.#fill();
    }
    this.#at = end;
    return this.#bytes.subarray(start, end);
  }

  #fill(): void {
    this.#bufferEnd = Math.min(this.#bytes.length, this.#at + BUFFER_SIZE);
  }
}

function isComment(byte: number): boolean {
  return byte === HASH || byte === SEMICOLON;
}
