import {
  boolean,
  content,
  integer,
  labels,
  list,
  named,
  optional,
  since,
  struct,
  text,
  unsupportedList,
  unsupportedStruct,
  type ValueOf,
} from './shapes.ts';

// The fields of the base specifications 0.3, 0.5, 0.6 and 0.8 and of variant openshift
// (coreos/butane, base/*/schema.go and config/openshift/*/schema.go).

export const VERIFICATION = struct('Verification', { hash: optional(text) });

export const HTTP_HEADER = struct('HTTPHeader', { name: text, value: optional(text) }, 'name');

/** Where the content of a file comes from: `inline` and `local` are resolved to a `source`. */
export const RESOURCE = struct(
  'Resource',
  {
    compression: optional(text),
    http_headers: { ...list(HTTP_HEADER), goType: 'HTTPHeaders' },
    source: optional(text),
    inline: optional(content),
    local: optional(text),
    verification: VERIFICATION,
  },
  'source',
);

export const NODE_USER = struct('NodeUser', { id: optional(integer), name: optional(text) });
export const NODE_GROUP = struct('NodeGroup', { id: optional(integer), name: optional(text) });

const NODE = { group: NODE_GROUP, overwrite: optional(boolean), path: text, user: NODE_USER };

export const DIRECTORY = struct('Directory', { ...NODE, mode: optional(integer) }, 'path');

export const FILE = struct(
  'File',
  { ...NODE, append: list(RESOURCE), contents: RESOURCE, mode: optional(integer) },
  'path',
);

export const LINK = struct(
  'Link',
  { ...NODE, hard: optional(boolean), target: optional(text) },
  'path',
);

/** Local files to be taken over with their paths. */
export const TREE = struct('Tree', {
  local: text,
  path: optional(text),
  user: since(8, unsupportedStruct),
  group: since(8, unsupportedStruct),
  file_mode: since(8, unsupportedStruct),
  dir_mode: since(8, unsupportedStruct),
});

export const STORAGE = struct('Storage', {
  directories: list(DIRECTORY),
  disks: unsupportedList,
  files: list(FILE),
  filesystems: unsupportedList,
  links: list(LINK),
  luks: unsupportedList,
  raid: unsupportedList,
  trees: list(TREE),
});

export const DROPIN = struct(
  'Dropin',
  { contents: optional(text), contents_local: since(5, optional(text)), name: text },
  'name',
);

export const UNIT = struct(
  'Unit',
  {
    contents: optional(text),
    contents_local: since(5, optional(text)),
    dropins: list(DROPIN),
    enabled: optional(boolean),
    mask: optional(boolean),
    name: text,
  },
  'name',
);

export const SYSTEMD = struct('Systemd', {
  units: list(UNIT),
  quadlets: since(8, unsupportedList),
});

const PASSWD_GROUP = struct(
  'PasswdGroup',
  {
    gid: optional(integer),
    name: text,
    password_hash: optional(text),
    should_exist: optional(boolean),
    system: optional(boolean),
  },
  'name',
);

export const PASSWD_USER = struct(
  'PasswdUser',
  {
    gecos: optional(text),
    groups: list(named('Group')),
    home_dir: optional(text),
    name: text,
    no_create_home: optional(boolean),
    no_log_init: optional(boolean),
    no_user_group: optional(boolean),
    password_hash: optional(text),
    primary_group: optional(text),
    ssh_authorized_keys: list(named('SSHAuthorizedKey')),
    ssh_authorized_keys_local: since(5, list(text)),
    shell: optional(text),
    should_exist: optional(boolean),
    system: optional(boolean),
    uid: optional(integer),
  },
  'name',
);

const PASSWD = struct('Passwd', { groups: list(PASSWD_GROUP), users: list(PASSWD_USER) });

export const KERNEL_ARGUMENTS = struct('KernelArguments', {
  should_exist: list(named('KernelArgument')),
  should_not_exist: list(named('KernelArgument')),
});

export const PROXY = struct('Proxy', {
  http_proxy: optional(text),
  https_proxy: optional(text),
  no_proxy: list(text),
});

export const IGNITION_CONFIG = struct('IgnitionConfig', {
  merge: list(RESOURCE),
  replace: RESOURCE,
});

export const TLS = struct('TLS', { certificate_authorities: list(RESOURCE) });

const IGNITION = struct('Ignition', {
  config: IGNITION_CONFIG,
  proxy: PROXY,
  security: struct('Security', { tls: TLS }),
  timeouts: struct('Timeouts', {
    http_response_headers: optional(integer),
    http_total: optional(integer),
  }),
});

export const GRUB_USER = {
  ...struct('GrubUser', { name: text, password_hash: optional(text) }),
  goPackage: 'fcos',
} as const;

const GRUB = { ...struct('Grub', { users: list(GRUB_USER) }), goPackage: 'fcos' } as const;

export const METADATA = {
  ...struct('Metadata', { name: text, labels }),
  goPackage: 'openshift',
} as const;

export const OPENSHIFT = {
  ...struct('OpenShift', {
    kernel_arguments: list(text),
    extensions: list(text),
    fips: optional(boolean),
    kernel_type: optional(text),
  }),
  goPackage: 'openshift',
} as const;

/** The part that becomes an Ignition config. */
export const IGNITION_ROOT = struct('Config', {
  ignition: IGNITION,
  kernel_arguments: since(5, KERNEL_ARGUMENTS),
  passwd: PASSWD,
  storage: STORAGE,
  systemd: SYSTEMD,
});

/** A whole config. */
export const CONFIG = {
  ...struct('Config', {
    version: text,
    variant: text,
    ...IGNITION_ROOT.fields,
    boot_device: unsupportedStruct,
    grub: since(5, GRUB),
    metadata: METADATA,
    openshift: OPENSHIFT,
  }),
  goPackage: 'openshift',
} as const;

/** Read first, because variant and version say what the rest may hold. */
export const HEADER = {
  ...struct('commonFields', { version: text, variant: text }),
  goPackage: 'config',
} as const;

export type Config = ValueOf<typeof CONFIG>;
export type IgnitionRoot = ValueOf<typeof IGNITION_ROOT>;
export type Resource = ValueOf<typeof RESOURCE>;
export type File = ValueOf<typeof FILE>;
export type Link = ValueOf<typeof LINK>;
export type Tree = ValueOf<typeof TREE>;
export type Storage = ValueOf<typeof STORAGE>;
export type Unit = ValueOf<typeof UNIT>;
export type Dropin = ValueOf<typeof DROPIN>;
export type PasswdUser = ValueOf<typeof PASSWD_USER>;
export type OpenShift = ValueOf<typeof OPENSHIFT>;
