import { compare, hash } from 'bcryptjs';

/** bcrypt's work factor: small, for passwords that guard nothing. */
const COST = 5;

/** A password file's text (`user:$2…` lines, bcrypt only, as docker-registry takes it). */
export async function htpasswdFor(passwords: Readonly<Record<string, string>>): Promise<string> {
  const lines = Object.entries(passwords).map(
    async ([user, password]) => `${user}:${await hash(password, COST)}\n`,
  );
  return (await Promise.all(lines)).join('');
}

/** Checks passwords against a password file's text. */
export class PasswordFile {
  readonly #hashes: ReadonlyMap<string, string>;
  /** bcrypt is slow on purpose, and a pull asks many times. */
  readonly #verified = new Map<string, string>();

  constructor(text: string) {
    const lines = text.split('\n').map((line) => line.trim());
    const entries = lines.filter((line) => line !== '' && !line.startsWith('#'));
    this.#hashes = new Map(entries.map((line) => split(line)));
  }

  async accepts(user: string, password: string): Promise<boolean> {
    const key = Bun.SHA256.hash(`${user}:${password}`, 'hex');
    if (this.#verified.get(user) === key) return true;
    const expected = this.#hashes.get(user);
    if (expected === undefined || !(await compare(password, expected))) return false;
    this.#verified.set(user, key);
    return true;
  }
}

function split(line: string): [user: string, hash: string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1)];
}
