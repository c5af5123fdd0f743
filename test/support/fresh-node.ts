import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { temporaryDirectory } from './temporary-directory.ts';

const BUILT = new URL('../../build/pullkey', import.meta.url).pathname;
/** What a node has that this machine may not have, or must not be touched. */
const STAND_INS = ['systemctl', 'kubectl', 'journalctl'];

/** How a session at a terminal ended, and all that was on the screen. */
export interface Session {
  readonly exitCode: number;
  readonly screen: string;
}

/**
 * A node for one session of root: this machine with an /etc and a /usr/libexec of its own over it, which
 * are gone with the session. Needs root and mount namespaces.
 */
export class FreshNode implements Disposable {
  /** Where the session begins; with `pullkey`. It is not gone with the session. */
  readonly home: string;
  readonly #directory = temporaryDirectory();

  constructor() {
    this.home = `${this.#directory.path}/home`;
    mkdirSync(this.home);
    mkdirSync(`${this.#directory.path}/layers`);
    symlinkSync(BUILT, `${this.home}/pullkey`);
    for (const name of STAND_INS) {
      writeFileSync(`${this.home}/${name}`, '#!/bin/sh\n', { mode: 0o755 });
    }
  }

  /** Types commands at a terminal, and the answer once the screen shows the question. */
  async type(
    commands: readonly string[],
    { question, answer }: { readonly question: string; readonly answer: string },
  ): Promise<Session> {
    const asked = Promise.withResolvers<void>();
    const decoder = new TextDecoder();
    let screen = '';
    const script = ['set -e', ...layers(`${this.#directory.path}/layers`), ...commands].join('\n');
    const child = Bun.spawn(['unshare', '--mount', 'sh', '-c', script], {
      cwd: this.home,
      env: { PATH: `${this.home}:/usr/sbin:/usr/bin:/sbin:/bin`, TERM: 'dumb' },
      terminal: {
        data: (_terminal, bytes) => {
          screen += decoder.decode(bytes, { stream: true });
          if (screen.includes(question)) asked.resolve();
        },
      },
    });
    await Promise.race([asked.promise, child.exited]);
    child.terminal?.write(`${answer}\r`);
    return { exitCode: await child.exited, screen };
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]();
  }
}

/** On a file system in memory: the temporary directory may be on an overlay, which can be no layer of one. */
function layers(directory: string): string[] {
  const overlay = (path: string, name: string) => {
    const [upper, work] = [`${directory}/${name}`, `${directory}/${name}-work`];
    const options = `lowerdir=${path},upperdir=${upper},workdir=${work}`;
    return `mkdir -p ${upper} ${work}; mount -t overlay -o ${options} none ${path}`;
  };
  return [
    `mount -t tmpfs none ${directory}`,
    overlay('/etc', 'etc'),
    // Where the kubelet's plugins are.
    overlay('/usr/libexec', 'libexec'),
  ];
}
