import type { Config, Dropin, File, PasswdUser, Resource, Storage, Unit } from './config.ts';
import { dataUrl } from './data-url.ts';
import { type LocalFiles, NO_FILES_DIR, reading } from './local-files.ts';
import { Origins } from './origins.ts';
import { Report } from './report.ts';
import { resolveTrees } from './resolve-trees.ts';
import type { Path } from './source-node.ts';

/** A config without inline contents, local files and trees: all is in `source` and `contents`. */
export interface Resolution {
  readonly config: Config;
  readonly origins: Origins;
  readonly report: Report;
}

/** What resolving needs to know; without `localFiles` the config may name none. */
export interface ResolveOptions {
  readonly localFiles: LocalFiles | undefined;
  readonly mayCompress: boolean;
}

/** Puts contents in place, as Butane translates them (base/v0_6/translate.go). */
export function resolveConfig(config: Config, options: ResolveOptions): Resolution {
  return new Resolver(options).resolve(config);
}

class Resolver {
  readonly #options: ResolveOptions;
  readonly #origins = new Origins();
  readonly #report = new Report();

  constructor(options: ResolveOptions) {
    this.#options = options;
  }

  resolve(config: Config): Resolution {
    const ignition = this.#ignition(config.ignition, ['ignition']);
    const users = config.passwd.users?.map((user, index) =>
      this.#user(user, ['passwd', 'users', index]),
    );
    const storage = this.#storage(config.storage);
    const units = config.systemd.units?.map((unit, index) =>
      this.#unit(unit, ['systemd', 'units', index]),
    );
    return {
      config: {
        ...config,
        ignition,
        passwd: { ...config.passwd, users },
        storage: resolveTrees(storage, {
          ...this.#options,
          origins: this.#origins,
          report: this.#report,
        }),
        systemd: { ...config.systemd, units },
      },
      origins: this.#origins,
      report: this.#report,
    };
  }

  #ignition(ignition: Config['ignition'], path: Path): Config['ignition'] {
    const { config, security } = ignition;
    const { certificate_authorities } = security.tls;
    return {
      ...ignition,
      config: {
        merge: this.#resources(config.merge, [...path, 'config', 'merge']),
        replace: this.#resource(config.replace, [...path, 'config', 'replace']),
      },
      security: {
        tls: {
          certificate_authorities: this.#resources(certificate_authorities, [
            ...path,
            'security',
            'tls',
            'certificate_authorities',
          ]),
        },
      },
    };
  }

  #storage(storage: Storage): Storage {
    const files = storage.files?.map((file, index) =>
      this.#file(file, ['storage', 'files', index]),
    );
    return { ...storage, files };
  }

  #file(file: File, path: Path): File {
    return {
      ...file,
      append: this.#resources(file.append, [...path, 'append']),
      contents: this.#resource(file.contents, [...path, 'contents']),
    };
  }

  #resources(
    resources: readonly Resource[] | undefined,
    path: Path,
  ): readonly Resource[] | undefined {
    return resources?.map((resource, index) => this.#resource(resource, [...path, index]));
  }

  #resource({ inline, local, ...rest }: Resource, path: Path): Resource {
    const resource = { ...rest, inline: undefined, local: undefined };
    if (local !== undefined) {
      const contents = this.#readLocal(local, [...path, 'local']);
      return contents === undefined ? resource : this.#embed(resource, contents, path, 'local');
    }
    return inline === undefined ? resource : this.#embed(resource, inline, path, 'inline');
  }

  #embed(resource: Resource, contents: Uint8Array, path: Path, from: 'inline' | 'local'): Resource {
    const { mayCompress } = this.#options;
    const { url, compression } = dataUrl(contents, resource.compression, mayCompress);
    this.#origins.set([...path, 'source'], [...path, from]);
    if (compression === undefined) return { ...resource, source: url };
    this.#origins.set([...path, 'compression'], [...path, from]);
    return { ...resource, source: url, compression };
  }

  #user({ ssh_authorized_keys_local: files, ...user }: PasswdUser, path: Path): PasswdUser {
    const resolved = { ...user, ssh_authorized_keys_local: undefined };
    if (files === undefined || files.length === 0) return resolved;
    const from = [...path, 'ssh_authorized_keys_local'];
    const to = [...path, 'ssh_authorized_keys'];
    this.#origins.set(to, from);
    const keys = [...(user.ssh_authorized_keys ?? [])];
    if (this.#options.localFiles === undefined) {
      this.#report.error(from, NO_FILES_DIR);
      return resolved;
    }
    for (const [index, file] of files.entries()) {
      for (const key of keysIn(this.#readLocal(file, [...from, index]))) {
        this.#origins.set([...to, keys.length], [...from, index]);
        keys.push(key);
      }
    }
    return { ...resolved, ssh_authorized_keys: keys };
  }

  #unit(unit: Unit, path: Path): Unit {
    const dropins = unit.dropins?.map((dropin, index) =>
      this.#contents(dropin, [...path, 'dropins', index]),
    );
    return this.#contents({ ...unit, dropins }, path);
  }

  #contents<U extends Unit | Dropin>(unit: U, path: Path): U {
    const { contents_local: local } = unit;
    const resolved = { ...unit, contents_local: undefined };
    if (local === undefined || local === '') return resolved;
    const contents = this.#readLocal(local, [...path, 'contents_local']);
    if (contents === undefined) return resolved;
    this.#origins.set([...path, 'contents'], [...path, 'contents_local']);
    return { ...resolved, contents: new TextDecoder().decode(contents) };
  }

  #readLocal(file: string, path: Path): Uint8Array | undefined {
    return reading(
      this.#options.localFiles,
      (message) => this.#report.error(path, message),
      (files) => files.read(file),
    );
  }
}

function keysIn(contents: Uint8Array | undefined): string[] {
  if (contents === undefined) return [];
  return new TextDecoder()
    .decode(contents)
    .split(/\r?\n/)
    .filter((line) => line !== '');
}
